import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolders } from '../policy-files/project-root.ts';

export interface LockfileLookup {
  /** The names of the lockfiles in a folder. */
  readonly namesIn: (folder: string) => readonly string[];
  /** Whether a client looks for a lockfile of that name above a package: the one of a workspace is in its root. */
  readonly isShared: (name: string) => boolean;
}

/**
 * The lockfiles of the nearest folder above, up to the root of the project, if a folder has none. A package of a workspace has its
 * lockfile there even if its own folder has a lockfile of another ecosystem.
 */
export function lockfilesAboveIn(
  folder: string,
  { namesIn, isShared }: LockfileLookup,
): { readonly folder: string; readonly names: readonly string[] } | undefined {
  const here = namesIn(folder);
  const isWanted = here.length === 0 ? () => true : isShared;
  if (here.length > 0 && (here.some(isShared) || !existsSync(join(folder, 'package.json'))))
    return undefined;
  for (const above of projectFolders(folder).slice(1)) {
    const names = namesIn(above).filter(isWanted);
    if (names.length > 0) return { folder: above, names };
  }
  return undefined;
}
