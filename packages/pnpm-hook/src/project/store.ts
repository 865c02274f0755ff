/* Reads from the index of pnpm's store which packages the store may hold. */
import { existsSync, readdirSync, statSync } from 'node:fs';
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

/**
 * Finds out which packages pnpm could link from its store without asking a fetcher. The answer may be yes for a package that pnpm has
 * removed from its index.
 */
export class StoreContents {
  readonly #directory: string;
  /** Whether pnpm 10 has an index here. Most stores are of later versions, and an install asks about a hundred packages. */
  #hasFiles: boolean | undefined;
  readonly #index: { mayHold(integrity: string): boolean };

  /** @param index The index of pnpm 11 and 12. */
  constructor(directory: string, index: { mayHold(integrity: string): boolean }) {
    this.#directory = directory;
    this.#index = index;
  }

  mayHold({ integrity, expected }: Pick<PnpmSource, 'integrity' | 'expected'>): boolean {
    if (integrity === undefined || expected === undefined) return true;
    return this.mayHoldFiles(integrity, expected) || this.#index.mayHold(integrity);
  }

  /** Whether there are files that show the package, beside the index of pnpm 11 and 12. */
  mayHoldFiles(integrity: string, { name, version }: NonNullable<PnpmSource['expected']>): boolean {
    const [scope, bare] = name.startsWith('@') ? name.split('/') : ['@', name];
    if (existsSync(join(this.#directory, 'links', scope!, bare ?? '', version))) return true;
    return this.#hasIndexFile(integrity);
  }

  /** pnpm 10's index has a file for each package. */
  #hasIndexFile(integrity: string): boolean {
    const digits = indexFileDigits(integrity);
    if (digits === undefined) return true;
    const rest = digits.slice(2);
    try {
      const index = join(this.#directory, 'index');
      this.#hasFiles ??= statSync(index, { throwIfNoEntry: false }) !== undefined;
      if (!this.#hasFiles) return false;
      const names = readdirSync(join(index, digits.slice(0, 2)));
      return names.some((name) => name.startsWith(rest));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOENT';
    }
  }
}
