/* The folders that a canary is unpacked in, and what happened to them. */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isWithin } from '@tarwarden/host';
import { DEPTH, ESCAPED, TARGET, TARGET_BEFORE } from './canaries.ts';

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
}

/** `home`: the folders that what was unpacked may be in. */
export function tracesIn({ root, sentinel }: Place, home: (path: string) => boolean): Traces {
  const escaped: string[] = [];
  const links: string[] = [];
  let left = ENTRIES_MAX;
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (left-- <= 0) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isSymbolicLink() && home(path)) {
        if (!isWithin(root, resolveLink(path)) || isWithin(sentinel, resolveLink(path)))
          links.push(path);
      } else if (entry.name.startsWith(ESCAPED) && !home(path)) escaped.push(path);
    }
  };
  walk(root);
  const target = join(sentinel, TARGET);
  if (readFileSync(target, 'utf8') !== TARGET_BEFORE) escaped.push(target);
  else if (lstatSync(target).nlink > 1) links.push(target);
  return { escaped, links };
}

function resolveLink(path: string): string {
  return resolve(dirname(path), readlinkSync(path));
}

/** Whether a file of that name is where what is unpacked belongs. */
export function arrived({ root }: Place, name: string, home: (path: string) => boolean): boolean {
  let left = ENTRIES_MAX;
  const isIn = (folder: string): boolean =>
    readdirSync(folder, { withFileTypes: true }).some((entry) => {
      const path = join(folder, entry.name);
      if (left-- <= 0) return false;
      return entry.isDirectory() ? isIn(path) : entry.name === name && home(path);
    });
  return isIn(root);
}
