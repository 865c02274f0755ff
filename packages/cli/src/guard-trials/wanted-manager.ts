import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asRecord, readManifest } from '@tarwarden/clients/settings';

/** The fields of a package.json that name the project's manager. */
export interface WantedManager {
  readonly packageManager?: string;
  readonly devEngines?: Readonly<Record<string, unknown>>;
}

/** The folder of an installed package. corepack looks for no package.json there. */
const INSTALLED = /[\\/]node_modules[\\/](?:@[^\\/]*[\\/])?[^@\\/][^\\/]*$/;

/**
 * The manager that corepack chooses in the first of these folders, which are the folder and those above it: the nearest
 * `packageManager`, or else `devEngines` of the topmost package.json, whatever the lower ones say. corepack 0.34 and 0.35 do so.
 */
export function wantedManager(folders: readonly string[]): WantedManager {
  let topmost: Readonly<Record<string, unknown>> = {};
  for (const folder of folders) {
    if (INSTALLED.test(folder) || !existsSync(join(folder, 'package.json'))) continue;
    topmost = readManifest(folder);
    const { packageManager } = topmost;
    if (typeof packageManager === 'string' && packageManager !== '') return { packageManager };
  }
  const engine = asRecord(topmost['devEngines'])['packageManager'];
  return engine === undefined ? {} : { devEngines: { packageManager: engine } };
}
