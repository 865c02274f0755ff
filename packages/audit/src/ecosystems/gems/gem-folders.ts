/* Folders in which RubyGems and Bundler keep gems as files. */
import { delimiter, join } from 'node:path';
import { bundlerCache, homeOf, whereOf, type Variables } from '@tarwarden/settings';
import { isWithin, realAsFar } from '@tarwarden/host';
import { foldersIn } from '../../cache/folder-entries.ts';

/** Ruby versions that are looked at in one folder. */
const VERSIONS_MAX = 64;

/** Those of the user, whether they exist or not. */
export function gemFolders(env: Variables, bundlePath: string | undefined): string[] {
  const home = homeOf(env);
  const data = env['XDG_DATA_HOME'] || join(home, '.local', 'share');
  const named = [env['GEM_HOME'], ...(env['GEM_PATH'] ?? '').split(delimiter)];
  const homes = named.filter((one): one is string => one !== undefined && one !== '');
  const versioned = [
    join(home, '.gem', 'ruby'),
    join(data, 'gem', 'ruby'),
    '/var/lib/gems',
    ...(bundlePath === undefined ? [] : [join(bundlePath, 'ruby')]),
  ].flatMap(versionsIn);
  const bundler = join(bundlerCache(whereOf({ folder: '.', env })), 'gems');
  const shared = foldersIn(bundler).map((name) => join(bundler, name));
  return [...new Set([...homes, ...versioned].map((one) => join(one, 'cache'))), ...shared];
}

/** Those of the project, which may be committed. Not where a link leads out of it. */
export function projectGemFolders(folder: string, root: string): string[] {
  const all = [
    join(folder, 'vendor', 'cache'),
    ...versionsIn(join(folder, 'vendor', 'bundle', 'ruby')).map((one) => join(one, 'cache')),
  ];
  return all.filter((one) => isWithin(realAsFar(root), realAsFar(one)));
}

function versionsIn(folder: string): string[] {
  return foldersIn(folder)
    .slice(0, VERSIONS_MAX)
    .map((name) => join(folder, name));
}
