/* Built as its own file, like the inspector, so that programs that only inherit the guard do not load it. */
import { projectLink, type ProjectLink } from '@tarwarden/guard';

export { locallyDependent } from './local-dependencies.ts';

/** The fields of Arborist's tree that are used here. */
export interface ProjectTree {
  readonly path?: unknown;
  readonly inventory?: { values(): Iterable<Root> };
}

/** A node that has a node_modules, or may get one, if it is the project or a workspace. */
interface Root {
  readonly path?: unknown;
  readonly isTop?: unknown;
  readonly isLink?: unknown;
}

/** A link through which npm would write outside of the project, if the link may come from the repository. */
export function linkOut({ path, inventory }: ProjectTree): ProjectLink | undefined {
  if (typeof path !== 'string') return undefined;
  const roots = [...(inventory?.values() ?? [])].filter(
    ({ isTop, isLink }) => isTop === true && isLink !== true,
  );
  const folders = roots.flatMap((root) => (typeof root.path === 'string' ? [root.path] : []));
  return projectLink('npm', { root: path, folders });
}
