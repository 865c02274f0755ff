/* Built as a file of its own, as the inspector is: programs that only inherit the guard need not load it. */
import { printable } from '@tarwarden/core/text';
import { projectLink, type ProjectLink } from '@tarwarden/host';

export { locallyDependent } from './local-dependencies.ts';

/** A tree of Arborist's, as far as it is used here. */
export interface ProjectTree {
  readonly path?: unknown;
  readonly inventory?: { values(): Iterable<Owner> };
}

/** A node, which has packages in its node_modules or may get some there. */
interface Owner {
  readonly path?: unknown;
  readonly isTop?: unknown;
  readonly isLink?: unknown;
  readonly children?: { readonly size?: unknown };
}

/**
 * Files that npm 10, 11 and 12 write in a project besides what is in node_modules, by a trace of the system calls of `install`
 * by npm 10 and 12, with the linked strategy and with `package-lock-only`, and of `shrinkwrap` by npm 10.
 * test/e2e/written-files.test.ts compares this list with what each npm writes.
 */
export const WRITTEN_FILES: readonly string[] = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
];

/**
 * A link out of the project that npm would write through, if it may be the repository's. Its name is escaped.
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
