/* bun in a confined run. Its cache is in the temporary folder of the confined processes, and is removed with that folder. */
import { constants, closeSync, mkdirSync, openSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Confine } from '@tarwarden/guarded-run';

export interface ConfinedBun {
  readonly confine: Confine;
  /** `fetch`: no code of packages runs. `scripts`: it runs, without network. `whole`: both at once. */
  readonly phase: 'fetch' | 'scripts' | 'whole';
  /** The same folder in both steps. A confined bun can write there. */
  readonly temporary: string;
}

/** bun's cache for a run of one or two steps. */
export function confinedCache({ temporary }: ConfinedBun): string {
  return join(temporary, 'bun-cache');
}

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A folder in which other processes also make links. We make our links in this very folder, wherever its path leads meanwhile. */
export class SharedFolder {
  readonly #opened: number;

  /** @param folder A new folder, in a place where no other process writes yet. */
  constructor(folder: string) {
    mkdirSync(folder, { mode: 0o700 });
    this.#opened = openSync(folder, FOLDER);
  }

  /** Makes a link, and the folder in its name if there is one. Throws if something has that name. */
  link(name: string, target: string): void {
    const [last, folder] = name.split('/').toReversed();
    if (folder === undefined) return symlinkSync(target, this.#path(name));
    try {
      mkdirSync(this.#path(folder));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const opened = openSync(this.#path(folder), FOLDER);
    try {
      symlinkSync(target, `/proc/self/fd/${opened}/${last}`);
    } finally {
      closeSync(opened);
    }
  }

  close(): void {
    closeSync(this.#opened);
  }

  #path(name: string): string {
    return `/proc/self/fd/${this.#opened}/${name}`;
  }
}
