/*
 * If a download breaks off, npm's cache keeps the file with the bytes so far, because its writer is not told. So the files of this process
 * get names by which the guard finds and removes them when the process ends.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { interception, type Interception } from '@tarwarden/guarded-run';

type PutStream = (cache: string, key: string, options?: object) => unknown;

interface Cacache {
  readonly put?: { stream: PutStream };
}

/** The files that cacache is writing in this process. */
export class CacheFiles {
  /** Names only this process's files, also where containers share a cache. Loading `node:crypto` for it would slow down each start. */
  readonly #prefix = `tarwarden-${process.pid}-${process.hrtime.bigint()}-${Math.random().toString(36).slice(2)}`;
  readonly #caches = new Set<string>();
  #clearing = false;

  /** Has the files that a cacache is writing named after this process. */
  interceptions(cacache: unknown): Interception[] {
    const { put } = (cacache ?? {}) as Cacache;
    const guardStream =
      (stream: PutStream): PutStream =>
      (cache, key, options) => {
        this.#caches.add(cache);
        return stream(cache, key, { ...options, tmpPrefix: this.#prefix });
      };
    return [interception(put, 'stream', guardStream, { optional: true })];
  }

  /** Removes the files that are left when this process ends. */
  clearAtExit(): void {
    if (this.#clearing) return;
    this.#clearing = true;
    process.on('exit', () => this.clear());
  }

  clear(): void {
    for (const cache of this.#caches) {
      try {
        const folder = join(cache, 'tmp');
        for (const name of readdirSync(folder))
          if (name.startsWith(this.#prefix)) rmSync(join(folder, name), { force: true });
      } catch {
        // `npm cache verify` removes them as well.
      }
    }
  }
}
