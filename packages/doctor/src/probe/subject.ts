import type { ProbeCommand } from './cage.ts';
import type { PackCanary } from './package-archives.ts';
import type { CanaryFolders } from './watch.ts';

export interface ProbeSubject {
  /** The name in reports. */
  readonly title: string;
  readonly path: string;
  readonly archive: 'tar' | 'zip';
  readonly pack: PackCanary;
  /** Prepares the folders, and returns the command that unpacks. */
  command(place: CanaryFolders, archive: string): ProbeCommand;
  /** Whether a path is one at which unpacked files may be. */
  home(place: CanaryFolders): (path: string) => boolean;
  readonly cwd: (place: CanaryFolders) => string;
  /** Further variables. */
  env?(place: CanaryFolders): NodeJS.ProcessEnv;
}

export const belowFolder =
  (folder: string) =>
  (path: string): boolean =>
    path.startsWith(`${folder}/`);
