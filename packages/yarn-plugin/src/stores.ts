import type { Configuration } from '@yarnpkg/core';
import { foreignFile } from './sources.ts';

/**
 * Whether Yarn would link files out of a store that the project names. Two ways to link take them from below `globalFolder`, by
 * the digest that they are filed under, unread: the archive is inspected and the store's files are linked. So the store must be
 * this user's, not the repository's.
 */
export function linksFromForeignStore(configuration: Configuration): boolean {
  return linksFromStore(configuration) && foreignFile(configuration, 'globalFolder') !== undefined;
}

function linksFromStore(configuration: Configuration): boolean {
  const linker = configuration.get('nodeLinker');
  if (linker === 'pnpm') return true;
  return linker === 'node-modules' && configuration.get('nmMode') === 'hardlinks-global';
}
