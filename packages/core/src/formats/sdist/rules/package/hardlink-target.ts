import { Typeflag, type Entry } from '../../../../containers/entry.ts';
import { quote } from '../../../../text/printable.ts';
import type { PackageTree } from '../../../../tree/tree.ts';
import { packagePath } from '../../../../tree/package-path.ts';
import type { TreeRule } from '../../../../rules/rule.ts';

const EXECUTABLE = 0o111;

export const hardlinkTarget: TreeRule = {
  kind: 'tree',
  id: 'hardlink-target',
  level: 'error',
  summary:
    'A hard link does not lead to an earlier file like it, so installers make different files of it',
  advice: {
    forUsers:
      'Do not install it: some installers leave the file out, some fail, and some change the mode of the file that it leads to.',
    forPublishers: 'Build the sdist from a tree without hard links (`cp -r --no-preserve=links`).',
  },
  check: (tree, report) => {
    for (const { entry } of tree.links.values()) {
      if (entry.typeflag !== Typeflag.Hardlink) continue;
      const why = problemOf(entry, tree);
      if (why !== undefined) report(`to ${quote(entry.linkpath)}: ${why}`, entry);
    }
  },
};

function problemOf(link: Entry, tree: PackageTree): string | undefined {
  const { top } = packagePath(link, false, tree.layout);
  const { linkpath } = link;
  const target = linkpath.startsWith(`${top}/`)
    ? tree.files.get(linkpath.slice(top.length + 1))
    : undefined;
  if (target?.kind !== 'file' || target.entry.index > link.index)
    return 'no file comes before it there';
  if (isExecutable(target.entry) !== isExecutable(link))
    return `its mode is ${link.mode.toString(8)}, that of the file ${target.entry.mode.toString(8)}`;
  return undefined;
}

function isExecutable({ mode }: Entry): boolean {
  return mode > 0 && (mode & EXECUTABLE) !== 0;
}
