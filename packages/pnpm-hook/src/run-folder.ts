/*
 * What lives only as long as a command: a private folder of ours, the names in it starting with that of the process that
 * they belong to, and ending at random. What a killed process left is removed by the next of the same place, and by any
 * after a day: containers that share this folder do not see each other's processes.
 */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, makePrivateDirectory } from '@tarwarden/core/host';
import { hasEnded, processName } from '@tarwarden/guarded-run';

/** Entries looked at. */
const ENTRIES_MAX = 4096;
/** No command runs for so long without a new file. Milliseconds. */
const STALE_MS = 24 * 60 * 60 * 1000;

const swept = new Set<string>();

/** The folder, or undefined where it cannot be made or is not ours alone. */
export function openRunFolder(): string | undefined {
  return open(join(cacheDirectory(process.env), 'run'));
}

/** It and others that serve where nothing can be written there: the two workers of a pnpm look in all of them. */
export function* runFolders(): Generator<string> {
  const own = `tarwarden-${process.getuid?.() ?? 'user'}`;
  const folders = [tmpdir(), '/dev/shm'].map((place) => join(place, own));
  for (const folder of [join(cacheDirectory(process.env), 'run'), ...folders]) {
    const opened = open(folder);
    if (opened !== undefined) yield opened;
  }
}

function open(folder: string): string | undefined {
  if (!makePrivateDirectory(folder)) return undefined;
  if (!swept.has(folder)) sweep(folder);
  swept.add(folder);
  return folder;
}

export function prefixOf(pid: number): string {
  return `pnpm-${processName(pid)}-`;
}

export function entriesOf(folder: string): string[] {
  return readdirSync(folder).slice(0, ENTRIES_MAX);
}

function sweep(folder: string): void {
  for (const name of entriesOf(folder)) {
    const owner = /^pnpm-(.*)-[^-]*$/s.exec(name)?.[1];
    const path = join(folder, name);
    if (name.startsWith('pnpm-') && ((owner !== undefined && hasEnded(owner)) || isStale(path)))
      remove(path);
  }
}

function isStale(path: string): boolean {
  try {
    return Date.now() - lstatSync(path).mtimeMs > STALE_MS;
  } catch {
    return false;
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Another process was first, or it is not ours to remove.
  }
}
