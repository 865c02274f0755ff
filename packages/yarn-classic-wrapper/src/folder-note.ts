import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What Yarn notes beside a package, its manifest above all. It writes that again, and changes other things in it. */
export const METADATA = '.yarn-metadata.json';
/** The tarball that a folder of the cache was unpacked from. */
export const TARBALL = '.yarn-tarball.tgz';

/**
 * A digest of what lies in a folder, by names, kinds, sizes, numbers and times, without reading a file. Whoever changes a
 * file changes the time of its change, which no program can set back. Undefined where the folder cannot be read.
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
    const of = stat.isDirectory() ? [mode] : [mode, size, ino, mtimeNs, ctimeNs];
    const target = stat.isSymbolicLink() ? readlinkSync(path) : '';
    digest.update(`${JSON.stringify([`${prefix}${name}`, of.map(String), target])}\n`);
    if (stat.isDirectory()) noteFolder(path, `${prefix}${name}/`, digest);
  }
}
