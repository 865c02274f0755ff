/* The files of a package that a client makes executable. */
import { join, normalize } from 'node:path';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import { readBounded } from '@tarwarden/host';

/** Whether package.json names a file as a command. bun links files of its cache into projects, and makes these executable; Yarn 1 does so in its cache. */
export function commandsIn(folder: string): (path: string) => boolean {
  let commands: ReadonlySet<string> | undefined;
  return (path) => {
    commands ??= new Set(commandFiles(folder));
    return commands.has(path);
  };
}

function commandFiles(folder: string): string[] {
  try {
    const file = join(folder, 'package.json');
    const { bytes } = readBounded(file, { bytesMax: MAX_MANIFEST_FILE_BYTES, follow: false });
    const { bin } = JSON.parse(bytes?.toString('utf8') ?? '{}') as { bin?: unknown };
    const files = typeof bin === 'string' ? [bin] : Object.values((bin ?? {}) as object);
    return files.map((name) => normalize(String(name)).replaceAll('\\', '/'));
  } catch {
    return [];
  }
}
