import { randomBytes } from 'node:crypto';
import { readFile as readByCallback } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TextStore } from './texts.ts';

/** Half of the time that `node:fs/promises` takes for as many small files as a lockfile has. */
const readFile = promisify(readByCallback);

/** Texts in files of a folder, which is made with the first of them. Several processes may write there. */
export function inFolder(base: string): TextStore {
  const root = resolve(base);
  return {
    async get(place) {
      try {
        return await readFile(join(root, place), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async put(place, text) {
      const path = join(root, place);
      // Two that write into one file at once leave the end of one behind the beginning of the other.
      const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
      await mkdir(dirname(path), { recursive: true });
      try {
        await writeFile(temporary, text, { flag: 'wx' });
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    close: async () => undefined,
  };
}
