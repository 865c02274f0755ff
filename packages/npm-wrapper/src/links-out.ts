/* Built as a file of its own, as the inspector is: programs that only inherit the guard need not load it. */
import { printable } from '@tarwarden/core/text';
import { projectLink, type ProjectLink } from '@tarwarden/host';

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

/** A link out of the project that npm would write through, if it may be the repository's. Its name is escaped. */
export function linkOut(tree: ProjectTree): ProjectLink | undefined {
  if (typeof tree.path !== 'string') return undefined;
  const link = projectLink({
    root: tree.path,
    folders: [tree.path, ...owners(tree)],
    files: ['package.json', 'package-lock.json', 'npm-shrinkwrap.json'],
  });
  return link && { ...link, name: printable(link.name) };
}

function* owners({ inventory }: ProjectTree): Generator<string> {
  for (const { path, isTop, isLink, children } of inventory?.values() ?? [])
    if (typeof path === 'string' && isLink !== true && (isTop === true || children?.size !== 0))
      yield path;
}
