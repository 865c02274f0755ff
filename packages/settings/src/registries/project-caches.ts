/*
 * Caches that a project's own files name. They are looked at only within the project: a repository must not have other folders read. What is
 * in them is not believed either, but compared with the integrity of the lockfile.
 */
import { join } from 'node:path';
import { projectRoot } from '@tarwarden/host/project-root';
import { isWithin, realAsFar } from '@tarwarden/host/real-path';
import type { Layer } from '../layer.ts';

export interface ProjectCaches {
  readonly npm: readonly string[];
  /** Folders of zips. */
  readonly yarn: readonly string[];
}

/** Layers of the project, the strongest first. */
interface ProjectLayers {
  readonly npm: readonly Layer[];
  readonly yarn: readonly Layer[];
}

/** Characters of a path: no system takes a longer one, and each folder of it is looked for. */
const PATH_CHARS_MAX = 4096;

/** @param folder That of the files. */
export function projectCaches(
  folder: string | undefined,
  { npm, yarn }: ProjectLayers,
): ProjectCaches {
  if (folder === undefined) return { npm: [], yarn: [] };
  const root = realAsFar(projectRoot(folder));
  const named = (layers: readonly Layer[], setting: string): string[] => {
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
