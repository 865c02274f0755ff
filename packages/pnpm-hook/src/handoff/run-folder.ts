/*
 * Private folders for files of one command. Each name starts with the name of its process and ends at random. Files of killed processes
 * are removed.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, makePrivateDirectory } from '@tarwarden/guard/cache-directory';
import { processName, sweep } from '@tarwarden/guard/run';

const PREFIX = 'pnpm-';

/** The folder, or undefined if it cannot be made or others can write to it. */
export function openRunFolder(): string | undefined {
  return open(join(cacheDirectory(process.env), 'run'));
}

/** This folder, and others in case its disk cannot be written. The two workers of a pnpm look in all of them. */
export function* runFolders(): Generator<string> {
  const cacheFolder = openRunFolder();
  if (cacheFolder !== undefined) yield cacheFolder;
  const ownName = `tarwarden-${process.getuid?.() ?? 'user'}`;
  for (const parent of [tmpdir(), '/dev/shm']) {
    const opened = open(join(parent, ownName));
    if (opened !== undefined) yield opened;
  }
}

function open(folder: string): string | undefined {
  if (!makePrivateDirectory(folder)) return undefined;
  sweep(folder, PREFIX);
  return folder;
}

export function prefixOf(pid: number): string {
  return `${PREFIX}${processName(pid)}-`;
}
