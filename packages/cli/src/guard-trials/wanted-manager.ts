import { existsSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { printable } from '@tarwarden/core/text';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { versionOf, withoutCompiledCode } from '@tarwarden/pnpm-hook/wrapper';
import { asRecord, pnpmLoading, readManifest, clientContext } from '@tarwarden/settings';
import type { ProjectContext } from './taken.ts';

/** The fields of a package.json that name the project's manager. */
export interface WantedManager {
  readonly packageManager?: string;
  readonly devEngines?: Readonly<Record<string, unknown>>;
}

/** The folder of an installed package. corepack looks for no package.json there. */
const INSTALLED = /[\\/]node_modules[\\/](?:@[^\\/]*[\\/])?[^@\\/][^\\/]*$/;

/**
 * The manager that corepack chooses here: the nearest `packageManager`, or else `devEngines` of the topmost package.json,
 * whatever the lower ones say. corepack 0.34 and 0.35 do so.
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

/** The manager that the nearest of these folders names: the first `packageManager`, or else the first `devEngines`. */
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

/** Whether a program is corepack's. Then the project decides which manager it runs. */
export function isOfCorepack(program: string): boolean {
  try {
    return realpathSync(program).split(sep).includes('corepack');
  } catch {
    return false;
  }
}

/**
 * The reason why plain pnpm would run another version here, which it downloads before it loads any pnpmfile. Undefined if it
 * would not. A trial without network cannot show anything about that version.
 */
export function otherPnpm(program: string, { cwd, env }: ProjectContext): string | undefined {
  if (isOfCorepack(program)) return undefined;
  const version = versionOf({ file: program, args: [] }, withoutCompiledCode(env));
  if (version === undefined) return undefined;
  const all = pnpmLoading(version, clientContext({ folder: cwd, env }));
  const other = all.map((loading) => loading.other).find((wanted) => wanted?.isDownloaded === true);
  return (
    other &&
    `package.json names pnpm ${printable(other.wanted)}, and this is pnpm ${version}, which would download that one before it loads any pnpmfile`
  );
}
