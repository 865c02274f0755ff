import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';

/** The most entries of one unpacked package that are checked. A package with more always counts as changed. */
const ENTRIES_MAX = 500_000;

/** The facts of a path, without following a link. Undefined if nothing is there. */
export function factsOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

/**
 * A text that changes with every change of a file: its content, mode or place. Nobody can set a change time back, so equal facts mean
 * that the file is untouched, and it need not be read.
 */
export function fileFacts(stat: BigIntStats): string {
  const { ino, mode, size, mtimeNs, ctimeNs } = stat;
  return [ino, mode, size, mtimeNs, ctimeNs].join(' ');
}

/**
 * A digest of everything below a folder; undefined if it is not a folder, has more than `most` entries, or cannot be read. Of a folder
 * only the mode counts, because its entries are in the digest.
 */
export function treeFacts(root: string, most: number = ENTRIES_MAX): string | undefined {
  try {
    return factsBelow(root, most);
  } catch {
    return undefined;
  }
}

function factsBelow(root: string, most: number): string | undefined {
  if (!lstatSync(root).isDirectory()) return undefined;
  const hash = createHash('sha256');
  const folders = [''];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of readdirSync(join(root, folder)).toSorted()) {
      if (++entries > most) return undefined;
      const path = join(folder, name);
      const stat = lstatSync(join(root, path), { bigint: true });
      const facts = stat.isDirectory() ? String(stat.mode) : fileFacts(stat);
      const target = stat.isSymbolicLink() ? readlinkSync(join(root, path)) : '';
      hash.update(JSON.stringify([path, facts, target]));
      if (stat.isDirectory()) folders.push(path);
    }
  }
  return hash.digest('hex');
}

/**
 * A digest of the folders in `root` and of the folder `inner` in each, without their files. The inode and the birth time identify a
 * folder that was made here.
 */
export function foldersIn(root: string, inner: string): string | undefined {
  if (factsOf(root)?.isDirectory() !== true) return undefined;
  const hash = createHash('sha256');
  for (const name of readdirSync(root).toSorted()) {
    for (const path of [name, join(name, inner)]) {
      const stat = factsOf(join(root, path));
      const { mode, ino, birthtimeNs } = stat ?? {};
      hash.update(JSON.stringify([path, `${mode} ${ino} ${birthtimeNs}`]));
    }
  }
  return hash.digest('hex');
}
