/* What pnpm's store looks like before anything is in it. */
import { readdirSync } from 'node:fs';

/**
 * What a pnpm makes in its store before the first package: a list of the projects that use it, and an index. The files
 * of packages are beside these, and so are packages that are linked out of the store.
 */
const NO_PACKAGES = new Set(['projects', 'index.db', 'index.db-shm', 'index.db-wal']);

/** Whether no package can come out of a store. Errs towards no: a store with anything unknown in it may hold some. */
export function holdsNoPackage(directory: string): boolean {
  try {
    return readdirSync(directory).every((name) => NO_PACKAGES.has(name));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
