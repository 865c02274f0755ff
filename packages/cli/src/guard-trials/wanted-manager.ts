import { existsSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { printable } from '@tarwarden/core/text';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { versionOf, withoutCompiledCode } from '@tarwarden/pnpm-wrapper';
import { asRecord, pnpmLoading, readManifest, whereOf } from '@tarwarden/settings';
import type { Where } from './taken.ts';

/** The fields of a package.json by which a project names its manager. */
export interface WantedManager {
  readonly packageManager?: string;
  readonly devEngines?: Readonly<Record<string, unknown>>;
}

/** Folder of an installed package, in which corepack looks for no package.json. */
const INSTALLED = /[\\/]node_modules[\\/](?:@[^\\/]*[\\/])?[^@\\/][^\\/]*$/;

/**
 * The manager that corepack takes here: the nearest `packageManager`, else `devEngines` of the topmost package.json, whatever
 * is in those below it. So do corepack 0.34 and 0.35.
 */
export function corepackManager(cwd: string): WantedManager {
  let topmost: Readonly<Record<string, unknown>> = {};
  for (const folder of foldersAbove(cwd)) {
    if (INSTALLED.test(folder) || !existsSync(join(folder, 'package.json'))) continue;
    topmost = readManifest(folder);
    const { packageManager } = topmost;
    if (typeof packageManager === 'string' && packageManager !== '') return { packageManager };
  }
  const engine = asRecord(topmost['devEngines'])['packageManager'];
  return engine === undefined ? {} : { devEngines: { packageManager: engine } };
}

/** The manager that a project names, of folders from the nearest upwards: the first `packageManager`, else the first `devEngines`. */
export function nearestManager(folders: readonly string[]): WantedManager {
  let other: WantedManager = {};
  for (const folder of folders) {
    const { packageManager, devEngines } = readManifest(folder);
    if (typeof packageManager === 'string' && packageManager !== '') return { packageManager };
    const engine = asRecord(devEngines)['packageManager'];
    if (engine !== undefined && other.devEngines === undefined)
      other = { devEngines: { packageManager: engine } };
  }
  return other;
}

/** Whether corepack runs a program: then the project's choice decides which manager that is. */
export function isOfCorepack(program: string): boolean {
  try {
    return realpathSync(program).split(sep).includes('corepack');
  } catch {
    return false;
  }
}

/**
 * Why plain pnpm would run another version of itself here, which it downloads before it loads any pnpmfile; undefined
 * where it would not. A trial offline cannot show what that one does.
 */
export function otherPnpm(program: string, { cwd, env }: Where): string | undefined {
  if (isOfCorepack(program)) return undefined;
  const version = versionOf({ file: program, args: [] }, withoutCompiledCode(env));
  if (version === undefined) return undefined;
  const all = pnpmLoading(version, whereOf({ folder: cwd, env }));
  const other = all.map((loading) => loading.other).find((one) => one?.isDownloaded === true);
  return (
    other &&
    `package.json names pnpm ${printable(other.wanted)}, and this is pnpm ${version}, which would download that one before it loads any pnpmfile`
  );
}
