import { homedir } from 'node:os';
import type { Configuration } from '@yarnpkg/core';
import { npath, ppath, type PortablePath } from '@yarnpkg/fslib';
import { refusal } from './refuse.ts';

/**
 * Two ways to link take files out of a store below `globalFolder`, by the digest that they are filed under, unread: the
 * archive is judged and the store's files are linked. So the store must be this user's, not the repository's.
 */
export function refuseForeignStore(configuration: Configuration): void {
  if (!linksFromStore(configuration) || !isForeign(configuration)) return;
  throw refusal(
    'tarwarden: refused to link: globalFolder is set by the project, and Yarn would link files out of it that are in no archive\n' +
      'what to do: move the line to ~/.yarnrc.yml, or set YARN_GLOBAL_FOLDER',
  );
}

function linksFromStore(configuration: Configuration): boolean {
  const linker = configuration.get('nodeLinker');
  if (linker === 'pnpm') return true;
  return linker === 'node-modules' && configuration.get('nmMode') === 'hardlinks-global';
}

/** Yarn says of each setting which file it is from, or `<environment>` and the like; of a default nothing. */
function isForeign({ sources }: Configuration): boolean {
  const source = sources.get('globalFolder');
  if (source === undefined || source.startsWith('<')) return false;
  return ppath.dirname(source as PortablePath) !== npath.toPortablePath(homedir());
}
