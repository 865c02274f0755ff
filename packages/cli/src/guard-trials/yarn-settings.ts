import { basename, dirname, join, relative, resolve } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { foldersAbove } from '@tarwarden/host/folders-above';
import {
  asRecord,
  clientContext,
  readText,
  yarnFiles,
  yarnLayers,
  type ClientContext,
  type SettingsLayer,
} from '@tarwarden/settings';
import { projectManifest, type Taken, type ProjectContext } from './taken.ts';

/** Settings that decide which Yarn runs and whether it loads the plugin. The file of a policy does not. */
const TAKEN = /^(?:yarnPath|ignorePath|logFilters|tarwarden(?!Policy$).*)$/;

/**
 * Takes over the project's .yarnrc.yml and those of the folders above it, the nearest first. Files stay in their places, and the
 * trial names them by their absolute paths. Yarn itself reads the user's own .yarnrc.yml.
 */
export function yarnSettings({ cwd, env }: ProjectContext, wanted: object): Taken {
  const where = clientContext({ folder: cwd, env });
  const [nearest] = yarnFiles(where);
  const name = nearest === undefined ? '' : relative(nearest.folder, nearest.file);
  const files = { 'package.json': projectManifest(wanted), 'yarn.lock': '' };
  if (name === '' || name !== basename(name) || Object.hasOwn(files, name))
    return { files, links: {}, elsewhere: '`YARN_RC_FILENAME` names a file elsewhere' };
  const settings: Record<string, unknown> = {};
  const plugins: string[] = [];
  for (const { folder, layer } of filesAbove(yarnLayers(where), name, where.home)) {
    if (layer.unreadable !== undefined)
      throw new TarwardenError(
        'NOT_INSPECTED',
        `${layer.unreadable}: it cannot be read, so it is not known how Yarn runs here`,
      );
    for (const [key, value] of layer.written ?? [])
      if (TAKEN.test(key))
        settings[key] = joined(
          settings[key],
          key === 'yarnPath' ? resolve(folder, String(value)) : value,
        );
    plugins.push(...pluginsOf(layer.values.get('plugins'), folder));
  }
  if (plugins.length > 0) settings['plugins'] = plugins;
  const lines = Object.entries(settings).map(
    ([key, value]) => `${key}: ${JSON.stringify(value)}\n`,
  );
  const yarnPath = classicPath(where);
  return {
    files: {
      ...files,
      ...(lines.length > 0 && { [name]: lines.join('') }),
      ...(yarnPath !== undefined && { '.yarnrc': `yarn-path ${JSON.stringify(yarnPath)}\n` }),
    },
    links: {},
  };
}

/** The Yarn that the nearest .yarnrc names, in the format that Yarn writes. Yarn 1 itself reads the user's own. */
function classicPath({ folder, home }: ClientContext): string | undefined {
  for (const at of foldersAbove(folder)) {
    if (at === home) continue;
    const text = readText(join(at, '.yarnrc'))?.text ?? '';
    const path = [...text.matchAll(/^yarn-path:?[ ]+["']?([^"'\n\r]+)/gm)].at(-1)?.[1];
    if (path !== undefined) return resolve(at, path);
  }
  return undefined;
}

/** The files of this name, except the user's own. */
function filesAbove(
  layers: readonly SettingsLayer[],
  name: string,
  home: string,
): { readonly folder: string; readonly layer: SettingsLayer }[] {
  return layers.flatMap((layer) => {
    const origin = layer.origin('');
    if (origin.kind !== 'file' || basename(origin.file) !== name) return [];
    const folder = dirname(origin.file);
    return folder === home ? [] : { folder, layer };
  });
}

/** Yarn joins the lists of all files, the weakest first. */
function joined(stronger: unknown, weaker: unknown): unknown {
  if (Array.isArray(stronger) && Array.isArray(weaker)) return [...weaker, ...stronger];
  return stronger ?? weaker;
}

/** The paths of plugins, without the addresses for downloads. A plugin that is not there is missing. */
function pluginsOf(plugins: unknown, folder: string): string[] {
  const list: readonly unknown[] = Array.isArray(plugins) ? plugins : [];
  return list
    .map((plugin) => (typeof plugin === 'string' ? plugin : asRecord(plugin)['path']))
    .filter((path): path is string => typeof path === 'string')
    .map((path) => (path.startsWith('@yarnpkg/') ? path : resolve(folder, path)));
}
