import { existsSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { asRecord, readManifest } from '@tarwarden/settings';

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
