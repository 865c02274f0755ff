/*
 * Removes the files of killed processes in a shared folder. Each name is a prefix, the name of the process, and a random end. The next
 * process on the same machine removes them. After a day any process does, because containers that share a folder do not see each
 * other's processes.
 */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, hasEnded } from './process-name.ts';

/** The most entries of a folder that are checked. */
const ENTRIES_MAX = 4096;
/** Milliseconds. No run takes longer. */
const STALE_MS = 24 * 60 * 60 * 1000;

const swept = new Set<string>();

export function entriesOf(folder: string): string[] {
  return readdirSync(folder).slice(0, ENTRIES_MAX);
}

/** Removes these files, once in a process for each folder and prefix. */
export function sweep(folder: string, prefix: string): void {
  const once = `${prefix}${folder}`;
  if (swept.has(once)) return;
  swept.add(once);
  for (const name of attempt(() => entriesOf(folder)) ?? []) {
    const path = join(folder, name);
    // Another process may remove it first.
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
