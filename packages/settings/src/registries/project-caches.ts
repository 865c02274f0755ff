/*
 * The caches that a project's own files name. A repository must not make an audit read folders outside the project, so only caches in
 * it count. Their archives are compared with the integrity in the lockfile.
 */
import { join } from 'node:path';
import { projectRoot } from '@tarwarden/host/project-root';
import { isWithin, realAsFar } from '@tarwarden/host/real-path';
import type { SettingsLayer } from '../layer.ts';

export interface ProjectCaches {
  readonly npm: readonly string[];
  /** Folders of zips. */
  readonly yarn: readonly string[];
}

/** Layers of the project, the strongest first. */
interface ProjectLayers {
  readonly npm: readonly SettingsLayer[];
  readonly yarn: readonly SettingsLayer[];
}

/** Characters of a path. No system takes a longer one, and each of its folders is looked up. */
const PATH_CHARS_MAX = 4096;

/** @param folder The folder of the settings files. */
export function projectCaches(
  folder: string | undefined,
  { npm, yarn }: ProjectLayers,
): ProjectCaches {
  if (folder === undefined) return { npm: [], yarn: [] };
  const root = realAsFar(projectRoot(folder));
  const named = (layers: readonly SettingsLayer[], setting: string): string[] => {
    const layer = layers.find(({ values }) => values.has(setting));
    const path = layer?.values.get(setting);
    const hasVariable = String(layer?.written?.get(setting)).includes('${');
    if (typeof path !== 'string' || hasVariable || path.length > PATH_CHARS_MAX) return [];
    return isWithin(root, realAsFar(path)) ? [path] : [];
  };
  return {
    npm: named(npm, 'cache'),
    yarn: [
      join(folder, '.yarn', 'cache'),
      ...named(yarn, 'cacheFolder'),
      ...named(yarn, 'globalFolder').map((path) => join(path, 'cache')),
    ],
  };
}
