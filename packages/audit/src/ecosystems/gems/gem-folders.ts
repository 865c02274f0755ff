/* Finds the folders in which RubyGems and Bundler keep gems as files. */
import { delimiter, join } from 'node:path';
import { bundlerCache, homeOf, clientContext, type Variables } from '@tarwarden/settings';
import { isWithin, realAsFar } from '@tarwarden/host';
import { realFoldersIn } from '../../lockfile-files.ts';

/** Ruby versions whose gems are read in one folder. */
const VERSIONS_MAX = 64;

/** The folders of the user in which RubyGems and Bundler install gems. They need not exist. */
function gemHomes(env: Variables, bundlePath: string | undefined): string[] {
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
  return [...new Set([...homes, ...versioned])];
}

/** The folders of the user with gems as files. They need not exist. */
export function gemFolders(env: Variables, bundlePath: string | undefined): string[] {
  const bundler = join(bundlerCache(clientContext({ folder: '.', env })), 'gems');
  const shared = realFoldersIn(bundler).map((name) => join(bundler, name));
  return [...gemHomes(env, bundlePath).map((gemHome) => join(gemHome, 'cache')), ...shared];
}

/** The folders of the project in which Bundler installs gems. Those to which a link leads out of the project are left out. */
function projectGemHomes(folder: string, root: string): string[] {
  return versionsIn(join(folder, 'vendor', 'bundle', 'ruby')).filter((path) =>
    isWithin(realAsFar(root), realAsFar(path)),
  );
}

/** The folders of the project with gems as files, which may be committed. Those to which a link leads out of the project are left out. */
export function projectGemFolders(folder: string, root: string): string[] {
  const cache = join(folder, 'vendor', 'cache');
  return [
    ...(isWithin(realAsFar(root), realAsFar(cache)) ? [cache] : []),
    ...projectGemHomes(folder, root).map((path) => join(path, 'cache')),
  ];
}

function versionsIn(folder: string): string[] {
  return realFoldersIn(folder)
    .slice(0, VERSIONS_MAX)
    .map((name) => join(folder, name));
}
