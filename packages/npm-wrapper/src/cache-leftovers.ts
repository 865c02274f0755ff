/*
 * If a download breaks off, npm's cache does not notice and keeps the partial file. So the files of this process get names with a
 * common prefix, and the guard removes all files with this prefix when the process ends.
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
  /** A prefix that no other process has, even if containers share a cache. Loading `node:crypto` for it would slow down each start. */
  readonly #prefix = `tarwarden-${process.pid}-${process.hrtime.bigint()}-${Math.random().toString(36).slice(2)}`;
  readonly #caches = new Set<string>();
  #clearing = false;

  /** Gives the temporary files of a cacache the prefix of this process. */
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
        // `npm cache verify` removes these files too.
      }
    }
  }
}
