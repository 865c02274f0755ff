import { isAbsolute, relative, resolve } from 'node:path';
import type { ProjectFolders } from '@tarwarden/host';
import { text, type YarnConfig, type ResolvedManifest } from './yarn.ts';

/** Further folders in which Yarn, unlike other clients, would write through a link. */
const LINKED = {
  nested: true,
  // It makes the node_modules of a package before it makes the package.
  packages: true,
  stores: ['.pnp/externals', '.pnp/unplugged', '.pnp/workspaces'],
} as const;

/**
 * Files that Yarn 1.22 writes in a project besides packages, by a trace of the system calls of `install`, with Plug'n'Play,
 * an offline mirror, and folders named in .yarnrc. test/e2e/written-files.test.ts compares this list with what Yarn writes.
 */
const FILES = ['package.json', 'yarn.lock', '.pnp.js', '.pnp', '.yarn-meta', 'yarn-error.log'];

/** Folders and files of a project that Yarn writes. `again`: only those in workspaces, because the others were checked before. */
export function writtenFolders(
  root: string,
  packages: readonly ResolvedManifest[],
  config: YarnConfig,
  again: boolean,
): ProjectFolders {
  const workspaces = packages
    .filter(({ _remote: remote }) => remote?.type === 'workspace')
    .flatMap(({ _remote: remote }) => text(remote?.reference) ?? []);
  const own = [config.cacheFolder, config.getOfflineMirrorPath?.(), config.modulesFolder]
    .flatMap((folder) => text(folder) ?? [])
    .map((folder) => relative(root, resolve(root, folder)))
    .filter((folder) => folder !== '' && !isAbsolute(folder) && !folder.startsWith('..'));
  return {
    root,
    folders: again ? workspaces : [root, ...workspaces],
    modules: ['node_modules', ...own],
    ...LINKED,
    linksTo: [text(config.cacheFolder) ?? []].flat(),
    files: [...FILES, ...own],
  };
}
