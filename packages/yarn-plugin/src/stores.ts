import type { Configuration } from '@yarnpkg/core';
import { foreignFile } from './sources.ts';

/**
 * Whether Yarn would link files from a store that the project names. Two linkers take files from below `globalFolder` by their digest,
 * without reading them. So the guard inspects the archive, but Yarn links the store's files. Therefore the store must be this user's,
 * not the repository's.
 */
export function linksFromForeignStore(configuration: Configuration): boolean {
  return linksFromStore(configuration) && foreignFile(configuration, 'globalFolder') !== undefined;
}

function linksFromStore(configuration: Configuration): boolean {
  const linker = configuration.get('nodeLinker');
  if (linker === 'pnpm') return true;
  return linker === 'node-modules' && configuration.get('nmMode') === 'hardlinks-global';
}
