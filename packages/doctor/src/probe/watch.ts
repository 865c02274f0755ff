/* Makes the folders for a canary, and finds the files that it wrote. */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isWithin, readBounded } from '@tarwarden/host';
import { DEPTH, ESCAPED, TARGET, TARGET_BEFORE } from '@tarwarden/guarded-run/trial-archives';

export interface CanaryFolders {
  /** Contains the other two. */
  readonly root: string;
  /** A canary must not write here. */
  readonly sentinel: string;
  /** Unpacked files belong here. */
  readonly out: string;
}

const ENTRIES_MAX = 50_000;

export function makeCanaryFolders(root: string): CanaryFolders {
  const sentinel = join(root, 'sentinel');
  const out = join(root, ...Array.from({ length: DEPTH - 1 }, () => 'inner'), 'out');
  mkdirSync(sentinel, { recursive: true, mode: 0o700 });
  mkdirSync(out, { recursive: true, mode: 0o700 });
  writeFileSync(join(sentinel, TARGET), TARGET_BEFORE);
  return { root, sentinel, out };
}

export interface Traces {
  /** Files outside that were written or overwritten. */
  readonly escaped: readonly string[];
  /** Links in the folder that lead outside. A later write to one would escape. */
  readonly links: readonly string[];
  /** Whether all files could be listed. */
  readonly whole: boolean;
}

/** @param home Whether a path is one at which unpacked files may be. */
export function tracesIn(
  { root, sentinel }: CanaryFolders,
  home: (path: string) => boolean,
): Traces {
  const escaped: string[] = [];
  const links: string[] = [];
  const whole = walk(root, (path, entry) => {
    if (entry.isSymbolicLink() && home(path)) {
      const target = resolveLink(path);
      if (!isWithin(root, target) || isWithin(sentinel, target)) links.push(path);
    } else if (entry.name.startsWith(ESCAPED) && !home(path)) escaped.push(path);
  });
  const target = join(sentinel, TARGET);
  if (!isUntouched(target)) escaped.push(target);
  else if (lstatSync(target).nlink > 1) links.push(target);
  return { escaped, links, whole };
}

/** The canary may have replaced the file by a pipe, or by an endless file, or removed it. */
function isUntouched(target: string): boolean {
  try {
    const { bytes } = readBounded(target, { bytesMax: TARGET_BEFORE.length, follow: false });
    return bytes?.toString('utf8') === TARGET_BEFORE;
  } catch {
    return false;
  }
}

function resolveLink(path: string): string {
  return resolve(dirname(path), readlinkSync(path));
}

/** Whether a file of that name was unpacked to a permitted path. */
export function arrived(
  { root }: CanaryFolders,
  name: string,
  home: (path: string) => boolean,
): boolean {
  let isThere = false;
  walk(root, (path, entry) => {
    isThere ||= entry.name === name && home(path);
  });
  return isThere;
}

/** Calls back for each entry that is no folder. False if there are too many, or a folder cannot be read because its path is too long. */
function walk(root: string, onEntry: (path: string, entry: Dirent) => void): boolean {
  let left = ENTRIES_MAX;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (left-- <= 0) return false;
        const path = join(folder, entry.name);
        if (entry.isDirectory()) folders.push(path);
        else onEntry(path, entry);
      }
    } catch {
      return false;
    }
  }
  return true;
}
