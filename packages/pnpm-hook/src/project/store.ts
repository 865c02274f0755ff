/* Finds out which packages pnpm's store may hold. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
    return isMissing(error);
  }
}

const SHA512 = 'sha512-';
/** The characters of a SHA-512 in Base64 without the last one, which can be spelled in several ways. */
const DIGITS = 85;

/**
 * Finds out which packages pnpm could link from its store without asking a fetcher. The answer may be yes for a package that pnpm has
 * removed from its index.
 */
export class StoreContents {
  readonly #directory: string;
  /** The hashes in the database of pnpm 11 and 12. */
  #hashes: ReadonlySet<string> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  mayHold({ integrity, expected }: Pick<PnpmSource, 'integrity' | 'expected'>): boolean {
    if (integrity?.startsWith(SHA512) !== true || expected === undefined) return true;
    const [scope, bare] = expected.name.startsWith('@')
      ? expected.name.split('/')
      : ['@', expected.name];
    if (existsSync(join(this.#directory, 'links', scope!, bare ?? '', expected.version)))
      return true;
    const hash = integrity.slice(SHA512.length);
    try {
      this.#hashes ??= this.#readHashes();
      return this.#hashes.has(hash.slice(0, DIGITS)) || this.#hasIndexFile(hash);
    } catch {
      return true;
    }
  }

  /** Every hash that is in the bytes of the database: a row begins with the integrity of its package. */
  #readHashes(): ReadonlySet<string> {
    const hashes = new Set<string>();
    for (const name of ['index.db', 'index.db-wal']) {
      const bytes = readIfThere(join(this.#directory, name));
      for (let at = bytes.indexOf(SHA512); at !== -1; at = bytes.indexOf(SHA512, at)) {
        at += SHA512.length;
        hashes.add(bytes.toString('latin1', at, at + DIGITS));
      }
    }
    return hashes;
  }

  /** pnpm 10's index has a file for each package, which has the first half of the hash as its name. */
  #hasIndexFile(hash: string): boolean {
    const digits = Buffer.from(hash, 'base64').toString('hex').slice(0, 64);
    const folder = join(this.#directory, 'index', digits.slice(0, 2));
    return namesIn(folder).some((name) => name.startsWith(digits.slice(2)));
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
