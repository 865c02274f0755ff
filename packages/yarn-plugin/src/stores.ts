import { homedir } from 'node:os';
import type { Configuration } from '@yarnpkg/core';
import { npath, ppath, type PortablePath } from '@yarnpkg/fslib';

/**
 * Whether Yarn would link files out of a store that the project names. Two ways to link take them from below `globalFolder`, by
 * the digest that they are filed under, unread: the archive is inspected and the store's files are linked. So the store must be
 * this user's, not the repository's.
 */
export function linksFromForeignStore(configuration: Configuration): boolean {
  return linksFromStore(configuration) && isForeign(configuration);
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
