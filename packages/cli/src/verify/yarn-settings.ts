import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { asRecord, readText, readYaml } from '@tarwarden/host/settings-files';
import type { Settings } from './settings-files.ts';
import { projectManifest, type Taken, type Where } from './taken.ts';

/** Settings that decide which Yarn runs and whether it loads the plugin. Of tarwarden's own all but the file of a policy. */
const TAKEN = /^(?:yarnPath|ignorePath|logFilters|tarwarden(?!Policy$).*)$/;

/** The Yarn that Yarn 1 hands over to, as a line of a .yarnrc says it. */
const YARN_PATH = /^[ \t]*(?:--)?"?yarn-path"?[ \t:]+(?:"((?:[^"\\\n]|\\.)*)"|(\S+))[ \t]*$/m;

/**
 * What Yarn reads of a project: its .yarnrc.yml, and those of the folders above it, the nearest first. Files stay where
 * they are and are named by their whole path. The user's own .yarnrc.yml is read by Yarn itself.
 */
export function yarnSettings({ cwd, env }: Where, wanted: object): Taken {
  const name = env['YARN_RC_FILENAME'] ?? '.yarnrc.yml';
  const files = { 'package.json': projectManifest(wanted), 'yarn.lock': '' };
  if (name !== basename(name) || Object.hasOwn(files, name))
    return { files, links: {}, elsewhere: '`YARN_RC_FILENAME` names a file elsewhere' };
  const home = env['HOME'] ?? homedir();
  const settings: Record<string, unknown> = {};
  const plugins: string[] = [];
  let yarnPath: string | undefined;
  for (const folder of foldersAbove(cwd)) {
    if (folder === home) continue;
    const file = readYaml(join(folder, name));
    for (const [key, value] of Object.entries(file))
      if (TAKEN.test(key) && settings[key] === undefined)
        settings[key] = key === 'yarnPath' ? resolve(folder, String(value)) : value;
    plugins.push(...pluginsOf(file, folder));
    const [, quoted, plain] = YARN_PATH.exec(readText(join(folder, '.yarnrc')) ?? '') ?? [];
    const path = quoted ?? plain;
    if (path !== undefined) yarnPath ??= resolve(folder, path);
  }
  if (plugins.length > 0) settings['plugins'] = plugins;
  const lines = Object.entries(settings).map(
    ([key, value]) => `${key}: ${JSON.stringify(value)}\n`,
  );
  return {
    files: {
      ...files,
      ...(lines.length > 0 && { [name]: lines.join('') }),
      ...(yarnPath !== undefined && { '.yarnrc': `yarn-path ${JSON.stringify(yarnPath)}\n` }),
    },
    links: {},
  };
}

/** Without where they may be downloaded from: a plugin that is not there is missing. */
function pluginsOf(settings: Settings, folder: string): string[] {
  const list: readonly unknown[] = Array.isArray(settings['plugins']) ? settings['plugins'] : [];
  return list
    .map((one) => (typeof one === 'string' ? one : asRecord(one)['path']))
    .filter((path): path is string => typeof path === 'string')
    .map((path) => (path.startsWith('@yarnpkg/') ? path : resolve(folder, path)));
}
