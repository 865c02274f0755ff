/* One way in which something unpacks. */
import type { Pack } from './package-archives.ts';
import type { Place } from './watch.ts';

export type Command = readonly [string, ...string[]];

export interface Subject {
  /** As it is reported. */
  readonly title: string;
  readonly path: string;
  readonly archive: 'tar' | 'zip';
  readonly pack: Pack;
  /** The command that unpacks, and what has to be there before. */
  command(place: Place, archive: string): Command;
  /** Where what it unpacks may be. */
  home(place: Place): (path: string) => boolean;
  readonly cwd: (place: Place) => string;
  /** Beside what all get. */
  env?(place: Place): NodeJS.ProcessEnv;
}

export const within =
  (folder: string) =>
  (path: string): boolean =>
    path.startsWith(`${folder}/`);
