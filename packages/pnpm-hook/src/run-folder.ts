/*
 * What lives only as long as a command: a private folder of ours, the names in it starting with the number of the
 * process that they belong to. What a killed process left is removed by the next.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, makePrivateDirectory } from '@tarwarden/core/host';

/** Entries looked at. */
const ENTRIES_MAX = 256;

let swept = false;

/** The folder, or undefined where it cannot be made or is not ours alone. */
export function openRunFolder(): string | undefined {
  const folder = join(cacheDirectory(process.env), 'run');
  if (!makePrivateDirectory(folder)) return undefined;
  if (!swept) sweep(folder);
  swept = true;
  return folder;
}

export function prefixOf(pid: number): string {
  return `pnpm-${pid}-`;
}

export function entriesOf(folder: string): string[] {
  return readdirSync(folder).slice(0, ENTRIES_MAX);
}

function sweep(folder: string): void {
  for (const name of entriesOf(folder)) {
    const pid = Number(/^pnpm-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (!Number.isNaN(pid) && !isAlive(pid))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
