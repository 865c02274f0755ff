/* One way in which something unpacks. */
import type { ProbeCommand } from './cage.ts';
import type { PackCanary } from './package-archives.ts';
import type { CanaryFolders } from './watch.ts';

export interface ProbeSubject {
  /** As it is reported. */
  readonly title: string;
  readonly path: string;
  readonly archive: 'tar' | 'zip';
  readonly pack: PackCanary;
  /** The command that unpacks, and what has to be there before. */
  command(place: CanaryFolders, archive: string): ProbeCommand;
  /** Where what it unpacks may be. */
  home(place: CanaryFolders): (path: string) => boolean;
  readonly cwd: (place: CanaryFolders) => string;
  /** Beside what all get. */
  env?(place: CanaryFolders): NodeJS.ProcessEnv;
}

export const belowFolder =
  (folder: string) =>
  (path: string): boolean =>
    path.startsWith(`${folder}/`);
