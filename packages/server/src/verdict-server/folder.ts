import { randomBytes } from 'node:crypto';
import { readFile as readByCallback } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TextStore } from './texts.ts';

/** For as many small files as a lockfile has, this takes half the time of `node:fs/promises`. */
const readFile = promisify(readByCallback);

/** Stores texts as files of a folder, which is made with the first text. Several processes may write there. */
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
      // If two writers shared one temporary file, the end of one text could remain behind the other.
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
