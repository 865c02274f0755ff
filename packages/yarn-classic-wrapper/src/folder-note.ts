import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Yarn's notes beside a package, among them its manifest. Yarn writes this file again later, with other content. */
export const METADATA = '.yarn-metadata.json';
/** The tarball that a folder of the cache was unpacked from. */
export const TARBALL = '.yarn-tarball.tgz';

/**
 * A digest of the names, kinds, sizes, inode numbers and times of all files in a folder. It reads no file: a change of a file changes its
 * ctime, which no program can set back. Undefined if the folder cannot be read.
 */
export function noteOf(folder: string): string | undefined {
  const digest = createHash('sha256');
  try {
    noteFolder(folder, '', digest);
    return digest.digest('hex');
  } catch {
    return undefined;
  }
}

function noteFolder(folder: string, prefix: string, digest: ReturnType<typeof createHash>): void {
  for (const name of readdirSync(folder).toSorted()) {
    if (prefix === '' && name === METADATA) continue;
    const path = join(folder, name);
    const stat = lstatSync(path, { bigint: true });
    const { mode, size, ino, mtimeNs, ctimeNs } = stat;
    const facts = stat.isDirectory() ? [mode] : [mode, size, ino, mtimeNs, ctimeNs];
    const target = stat.isSymbolicLink() ? readlinkSync(path) : '';
    digest.update(`${JSON.stringify([`${prefix}${name}`, facts.map(String), target])}\n`);
    if (stat.isDirectory()) noteFolder(path, `${prefix}${name}/`, digest);
  }
}
