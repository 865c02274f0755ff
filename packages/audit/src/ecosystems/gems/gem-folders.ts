/* Finds the folders in which RubyGems and Bundler keep gems as files. */
import { delimiter, join } from 'node:path';
import { bundlerCache, homeOf, clientContext, type Variables } from '@tarwarden/settings';
import { isWithin, realAsFar } from '@tarwarden/host';
import { realFoldersIn } from '../../cache/folder-entries.ts';

/** Ruby versions whose gems are read in one folder. */
const VERSIONS_MAX = 64;

/** The folders of the user. They need not exist. */
export function gemFolders(env: Variables, bundlePath: string | undefined): string[] {
  const home = homeOf(env);
  const data = env['XDG_DATA_HOME'] || join(home, '.local', 'share');
  const named = [env['GEM_HOME'], ...(env['GEM_PATH'] ?? '').split(delimiter)];
  const homes = named.filter((path): path is string => path !== undefined && path !== '');
  const versioned = [
    join(home, '.gem', 'ruby'),
    join(data, 'gem', 'ruby'),
    '/var/lib/gems',
    ...(bundlePath === undefined ? [] : [join(bundlePath, 'ruby')]),
  ].flatMap(versionsIn);
  const bundler = join(bundlerCache(clientContext({ folder: '.', env })), 'gems');
  const shared = realFoldersIn(bundler).map((name) => join(bundler, name));
  return [...new Set([...homes, ...versioned].map((gemHome) => join(gemHome, 'cache'))), ...shared];
}

/** The folders of the project, which may be committed. Those to which a link leads out of the project are left out. */
export function projectGemFolders(folder: string, root: string): string[] {
  const all = [
    join(folder, 'vendor', 'cache'),
    ...versionsIn(join(folder, 'vendor', 'bundle', 'ruby')).map((path) => join(path, 'cache')),
  ];
  return all.filter((path) => isWithin(realAsFar(root), realAsFar(path)));
}

function versionsIn(folder: string): string[] {
  return realFoldersIn(folder)
    .slice(0, VERSIONS_MAX)
    .map((name) => join(folder, name));
}
