/*
 * What killed processes have left in a folder that many share: names that start with a prefix and the name of the process
 * that they belong to, and end at random. The next process of the same place removes them, and any does after a day:
 * containers that share a folder do not see each other's processes.
 */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, hasEnded } from './process-name.ts';

/** Entries of a folder that are looked at. */
const ENTRIES_MAX = 4096;
/** No run takes longer. Milliseconds. */
const STALE_MS = 24 * 60 * 60 * 1000;

const swept = new Set<string>();

export function entriesOf(folder: string): string[] {
  return readdirSync(folder).slice(0, ENTRIES_MAX);
}

/** Removes what is left there; once in a process for each folder and prefix. */
export function sweep(folder: string, prefix: string): void {
  const once = `${prefix}${folder}`;
  if (swept.has(once)) return;
  swept.add(once);
  for (const name of attempt(() => entriesOf(folder)) ?? []) {
    const path = join(folder, name);
    // Another process may be first; it can be tidied another time.
    attempt(() => {
      if (name.startsWith(prefix) && isLeft(path, name.slice(prefix.length)))
        rmSync(path, { recursive: true, force: true });
    });
  }
}

function isLeft(path: string, rest: string): boolean {
  const { uid, mtimeMs } = lstatSync(path);
  if (process.getuid !== undefined && uid !== process.getuid()) return false;
  const owner = /^(.*)-[^-]*$/s.exec(rest)?.[1];
  return (owner !== undefined && hasEnded(owner)) || Date.now() - mtimeMs > STALE_MS;
}
