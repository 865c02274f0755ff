/* The layers of each manager. Those of the pinned clients are held against the clients' own answers. */
import {
  type SettingsLayer,
  npmLayers,
  pnpmLayers,
  type ClientContext,
  yarnClassicLayers,
  yarnLayers,
} from '@tarwarden/settings';
import { lt, major } from 'semver';
import type { Tool } from './defence.ts';

/** Where it is not certain which files a manager takes, each possibility is tried, and they have to agree. */
export type Possibilities = readonly (readonly SettingsLayer[])[];

export function layersOf(manager: Tool, version: string, where: ClientContext): Possibilities {
  if (manager === 'npm') return npmLayers({ ...where, major: major(version) });
  if (manager === 'yarn')
    return [
      lt(version, '2.0.0')
        ? yarnClassicLayers(where)
        : yarnLayers(where, lt(version, '4.0.0') ? 3 : 4),
    ];
  return pnpmLayers(version, where);
}
