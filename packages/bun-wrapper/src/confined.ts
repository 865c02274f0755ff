/* bun where the kernel confines it: its cache is in the folder for temporary files of what is confined, which is removed from there. */
import { constants, closeSync, mkdirSync, openSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Confine } from '@tarwarden/guarded-run';

export interface ConfinedBun {
  readonly confine: Confine;
  /** `fetch`: nothing that packages bring is run. `scripts`: it is, without network. `whole`: both at once. */
  readonly phase: 'fetch' | 'scripts' | 'whole';
  /** The same folder in both steps. A confined bun can write there. */
  readonly temporary: string;
}

/** bun's cache for a run of one or two steps. */
export function confinedCache({ temporary }: ConfinedBun): string {
  return join(temporary, 'bun-cache');
}

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A folder in which others make links as well: ours are made in it and in no other, wherever its name leads meanwhile. */
export class SharedFolder {
  readonly #opened: number;

  /** @param folder To be made, where nobody else writes yet. */
  constructor(folder: string) {
    mkdirSync(folder, { mode: 0o700 });
    this.#opened = openSync(folder, FOLDER);
  }

  /** Makes a link, in a folder of its own where the name has one. Throws where something has that name. */
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
