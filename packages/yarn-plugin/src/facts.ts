import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';

/** Files, folders and links of one unpacked package that are looked at; what has more is never known to be as it was. */
const ENTRIES_MAX = 500_000;

/** The facts of a path, without following a link. Undefined if nothing is there. */
export function factsOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

/**
 * One line that changes with every change to a file: its content, mode and place. Nobody can set a change time back, so
 * equal facts on this machine mean an untouched file, and nothing has to be read.
 */
export function fileFacts(stat: BigIntStats): string {
  const { ino, mode, size, mtimeNs, ctimeNs } = stat;
  return [ino, mode, size, mtimeNs, ctimeNs].join(' ');
}

/**
 * A digest of everything below a folder; undefined where it is not a folder, has more than `most` in it, or cannot be
 * read. Of folders only the mode counts, as what is in them is listed.
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
 * A digest of which folders lie in `root`, with the folder `inner` of each, not of what is in them: an inode and the time of
 * its birth are those of a folder that was made here.
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
