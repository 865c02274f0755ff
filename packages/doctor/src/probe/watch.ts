/* The folders that a canary is unpacked in, and what happened to them. */
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

export interface Place {
  /** Holds everything else. */
  readonly root: string;
  /** Nothing may be written here. */
  readonly sentinel: string;
  /** What is unpacked belongs here. */
  readonly out: string;
}

const ENTRIES_MAX = 50_000;

export function makePlace(root: string): Place {
  const sentinel = join(root, 'sentinel');
  const out = join(root, ...Array.from({ length: DEPTH - 1 }, () => 'inner'), 'out');
  mkdirSync(sentinel, { recursive: true, mode: 0o700 });
  mkdirSync(out, { recursive: true, mode: 0o700 });
  writeFileSync(join(sentinel, TARGET), TARGET_BEFORE);
  return { root, sentinel, out };
}

export interface Traces {
  /** Files that were written, or written over, outside. */
  readonly escaped: readonly string[];
  /** Links in the folder that lead outside, by which the next one to write there would escape. */
  readonly links: readonly string[];
  /** Whether all that is there was looked at. */
  readonly whole: boolean;
}

/** `home`: the folders that what was unpacked may be in. */
export function tracesIn({ root, sentinel }: Place, home: (path: string) => boolean): Traces {
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

/** What was tried may have put anything in its place: a pipe, a file without end, nothing. */
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

/** Whether a file of that name is where what is unpacked belongs. */
export function arrived({ root }: Place, name: string, home: (path: string) => boolean): boolean {
  let isThere = false;
  walk(root, (path, entry) => {
    isThere ||= entry.name === name && home(path);
  });
  return isThere;
}

/** Calls back for all but folders. False where there is more than that, or a folder cannot be read: deeper than a path can be long. */
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
