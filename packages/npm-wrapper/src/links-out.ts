/* Built as its own file, like the inspector, so that programs that only inherit the guard do not load it. */
import { printable } from '@tarwarden/core/text';
import { projectLink, type ProjectLink } from '@tarwarden/host';

export { locallyDependent } from './local-dependencies.ts';

/** The fields of Arborist's tree that are used here. */
export interface ProjectTree {
  readonly path?: unknown;
  readonly inventory?: { values(): Iterable<Owner> };
}

/** A node that has packages in its node_modules, or may get some. */
interface Owner {
  readonly path?: unknown;
  readonly isTop?: unknown;
  readonly isLink?: unknown;
  readonly children?: { readonly size?: unknown };
}

/**
 * Files that npm 10, 11 and 12 write in a project outside of node_modules. Found by tracing the system calls of `install` of npm 10 and
 * 12, also with the linked strategy and `package-lock-only`, and of `shrinkwrap` of npm 10. test/e2e/written-files.test.ts compares
 * this list with the files that each npm writes.
 */
export const WRITTEN_FILES: readonly string[] = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
];

/**
 * A link through which npm would write outside of the project, if the link may come from the repository. Its name is escaped.
 *
 * @param options.filesOnly Whether npm writes these files alone, and nothing to node_modules.
 */
export function linkOut(
  tree: ProjectTree,
  { filesOnly }: { readonly filesOnly: boolean },
): ProjectLink | undefined {
  if (typeof tree.path !== 'string') return undefined;
  const link = projectLink({
    root: tree.path,
    folders: [tree.path, ...owners(tree)],
    ...(filesOnly && { modules: [] }),
    files: WRITTEN_FILES,
  });
  return link && { ...link, name: printable(link.name) };
}

function* owners({ inventory }: ProjectTree): Generator<string> {
  for (const { path, isTop, isLink, children } of inventory?.values() ?? [])
    if (typeof path === 'string' && isLink !== true && (isTop === true || children?.size !== 0))
      yield path;
}
