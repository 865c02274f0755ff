import { Typeflag, type Entry } from '../../../../containers/entry.ts';
import type { TreeRule } from '../../../../rules/rule.ts';
import { quote } from '../../../../text/printable.ts';

/** Write access for the group and for others. */
const WRITABLE = 0o022;

export const gemFolderWritable: TreeRule = {
  kind: 'tree',
  id: 'gem-folder-writable',
  level: 'error',
  summary: 'An entry creates a folder into which other users may write',
  advice: {
    forUsers:
      'Do not install it: RubyGems gives the folder these permissions whatever your umask is, so other users of the machine can put code into the gem.',
    forPublishers: 'Build the gem with `gem build`, which writes no entries for folders.',
  },
  check: (tree, report) => {
    // RubyGems makes missing parent folders with the same rights, so the entry of a folder counts for them too.
    const folders = new Set<Entry>();
    for (const { kind, entry } of tree.files.places.values())
      if (kind === 'directory' && isWritable(entry)) folders.add(entry);
    for (const entry of folders)
      report(`${quote(entry.path)} with mode ${entry.mode.toString(8)}`, entry);
  },
};

function isWritable({ typeflag, mode }: Entry): boolean {
  return typeflag === Typeflag.Directory && mode >= 0 && (mode & WRITABLE) !== 0;
}
