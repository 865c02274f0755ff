/* Yarn 1 installs the unpacked files of its cache, and keeps the tarball beside them. The audit compares both. */
import { join } from 'node:path';
import { sriOfHex } from '@tarwarden/lockfiles';
import type { Limits } from '@tarwarden/core/limits';
import { isWithin, realAsFar } from '@tarwarden/host';
import { CLASSIC_TARBALL } from '../bytes/yarn-classic-cache.ts';
import { commandsIn } from '../compare/commands.ts';
import type { SkipPath } from '../compare/folder-files.ts';
import type { UnpackedFolder } from '../compare/unpacked-folder.ts';
import { cacheItem, folderComparison, type CacheItem } from './cached.ts';
import { realFoldersIn } from './folder-entries.ts';

export const CLASSIC_METADATA = '.yarn-metadata.json';

/** The folder of a package, as Yarn 1 unpacks it. */
export function classicPackageFolder(path: string): UnpackedFolder {
  const skip = isOfYarnClassic(path);
  return { path, client: 'yarn-classic', skip, isCommand: commandsIn(path) };
}

/** Whether Yarn adds this file to a package, or this link to a command of the package itself. */
function isOfYarnClassic(folder: string): SkipPath {
  return (path, kind) => {
    if (path === CLASSIC_TARBALL || path === CLASSIC_METADATA) return true;
    if (!path.startsWith('.bin/')) return false;
    // On Windows, there are scripts in place of links.
    if (kind === 'file') return process.platform === 'win32';
    return kind === 'link' && isWithin(realAsFar(folder), realAsFar(join(folder, path)));
  };
}

const SLOT = /^npm-.+-([0-9a-f]{40})(?:-integrity)?$/;

export function classicPackages(cache: string, limits: Limits): CacheItem[] {
  return realFoldersIn(cache).flatMap((slot) => {
    const sha1 = SLOT.exec(slot)?.[1];
    if (sha1 === undefined) return [];
    return packagesIn(join(cache, slot, 'node_modules')).map((name) => {
      const path = `${slot}/node_modules/${name}`;
      const folder = join(cache, path);
      const integrity = sriOfHex('sha1', sha1);
      return cacheItem({
        kind: 'yarn-classic',
        file: folder,
        folder: cache,
        locked: {
          name,
          version: '',
          source: { type: 'file', path: `${path}/${CLASSIC_TARBALL}` },
          ...(integrity !== undefined && { integrity }),
        },
        compare: folderComparison(classicPackageFolder(folder), limits, 'what Yarn 1 unpacked'),
      });
    });
  });
}

function packagesIn(folder: string): string[] {
  return realFoldersIn(folder).flatMap((name) =>
    name.startsWith('@')
      ? realFoldersIn(join(folder, name)).map((inner) => `${name}/${inner}`)
      : [name],
  );
}
