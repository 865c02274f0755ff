/* Reads from the index of pnpm's store which packages the store may hold. */
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { indexFileDigits } from '@tarwarden/host/pnpm-store';
import type { PnpmSource } from '../source.ts';

/**
 * The entries that pnpm makes in its store before the first package: a list of the projects that use it, and an index. Files of
 * packages, and packages that are linked from the store, are in other entries.
 */
const NO_PACKAGES = new Set(['projects', 'index.db', 'index.db-shm', 'index.db-wal']);

/** Whether a store certainly contains no package. False if it has an unknown entry. */
export function holdsNoPackage(directory: string): boolean {
  try {
    return readdirSync(directory).every((name) => NO_PACKAGES.has(name));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

const PIECE_BYTES = 8 * 1024 * 1024;
/** Matches an integrity at the start of a key. */
const INTEGRITY = /^sha\d{1,3}-[A-Za-z0-9+/]{27,88}={0,2}/;
const INTEGRITY_BYTES = 128;

/**
 * Finds out which packages pnpm could link from its store without asking a fetcher. The answer may be yes for a package that pnpm has
 * removed from its index.
 */
export class StoreContents {
  readonly #directory: string;
  #integrities: Set<string> | undefined;
  #isUnreadable = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  mayHold({ integrity, expected }: PnpmSource): boolean {
    if (integrity === undefined || expected === undefined) return true;
    const { name, version } = expected;
    const [scope, bare] = name.startsWith('@') ? name.split('/') : ['@', name];
    if (existsSync(join(this.#directory, 'links', scope!, bare ?? '', version))) return true;
    if (this.#hasIndexFile(integrity)) return true;
    this.#integrities ??= this.#readIntegrities();
    return this.#isUnreadable || this.#integrities.has(canonical(integrity));
  }

  /** pnpm 10's index has a file for each package. */
  #hasIndexFile(integrity: string): boolean {
    const digits = indexFileDigits(integrity);
    if (digits === undefined) return true;
    const rest = digits.slice(2);
    try {
      const names = readdirSync(join(this.#directory, 'index', digits.slice(0, 2)));
      return names.some((name) => name.startsWith(rest));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOENT';
    }
  }

  /**
   * pnpm 11 and 12 have a database with keys that begin with the integrity. The guard reads it as text, because Node 20 has no SQLite,
   * and reading the file once is enough for all packages.
   */
  #readIntegrities(): Set<string> {
    const found = new Set<string>();
    for (const name of ['index.db', 'index.db-wal']) {
      try {
        addIntegrities(join(this.#directory, name), found);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#isUnreadable = true;
      }
    }
    return found;
  }
}

function addIntegrities(file: string, found: Set<string>): void {
  const fd = openSync(file, 'r');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    let kept = 0;
    for (;;) {
      const length = readSync(fd, piece, kept, PIECE_BYTES - kept, null);
      if (length === 0) return;
      const end = kept + length;
      const read = piece.subarray(0, end);
      for (let at = read.indexOf('sha'); at !== -1; at = read.indexOf('sha', at + 1)) {
        const [integrity] = INTEGRITY.exec(read.toString('latin1', at, at + INTEGRITY_BYTES)) ?? [];
        if (integrity !== undefined) found.add(canonical(integrity));
      }
      // An integrity may begin in this piece and end in the next.
      kept = Math.min(INTEGRITY_BYTES, end);
      piece.copy(piece, 0, end - kept, end);
    }
  } finally {
    closeSync(fd);
  }
}

/** Base64 can spell one hash in several ways. */
function canonical(integrity: string): string {
  const [algorithm = '', hash = ''] = integrity.split('-', 2);
  return `${algorithm}-${Buffer.from(hash, 'base64').toString('base64')}`;
}
