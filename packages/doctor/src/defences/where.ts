import { dirname, resolve } from 'node:path';

/** Where settings are looked for. */
export interface Where {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** npm's prefix, which has what all users share: `etc/npmrc` is below it. */
  readonly prefix: string;
  /** The manager's own folder, whose `npmrc` is the weakest file of npm and of old versions of pnpm. */
  readonly ownFolder: string;
}

/** A folder and those above it, the nearest first. */
export function foldersFrom(start: string): string[] {
  const all = [resolve(start)];
  for (let up = dirname(all[0]!); up !== all.at(-1); up = dirname(up)) all.push(up);
  return all;
}
