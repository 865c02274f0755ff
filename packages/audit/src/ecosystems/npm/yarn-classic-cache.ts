/* The cache of Yarn 1, which keeps each tarball beside its unpacked files. */
import { isAbsolute, join } from 'node:path';
import { homeOf, type Variables } from '@tarwarden/settings';
import { printablePath } from '@tarwarden/core/text';
import { hasIntegrity } from '@tarwarden/host';
import type { LockedPackage } from '@tarwarden/lockfiles';
import { mismatch, namesIn, readArchiveFile } from '../../archives.ts';
import type { TarballCache } from './npm-packages.ts';

/** `npm-left-pad-1.3.0-5b8a3a77…-integrity`: registry, package, version, SHA-1. Yarn leaves out a hash that it does not know. */
const SLOT = /^npm-(.+?)(?:-[0-9a-f]{40})?(?:-integrity)?$/;

/** Versions of the cache that keep the tarball. */
const VERSIONS = ['v6'];

/** The folders in which Yarn 1 may have its cache. If root runs Yarn 1, the cache is one for all users. */
export function classicCaches(env: Variables): string[] {
  const named = env['YARN_CACHE_FOLDER'];
  const home = homeOf(env);
  const roots = named === undefined ? usualFolders(home, env) : [named];
  return roots.flatMap((root) => VERSIONS.map((version) => join(root, version)));
}

function usualFolders(home: string, env: Variables): string[] {
  const local = env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  if (process.platform === 'win32') return [join(local, 'Yarn', 'Cache')];
  if (process.platform === 'darwin') return [join(home, 'Library', 'Caches', 'Yarn')];
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && isAbsolute(xdg)) return [join(xdg, 'yarn')];
  const shared = process.getuid?.() === 0 ? ['/usr/local/share/.cache/yarn'] : [];
  return [join(home, '.cache', 'yarn'), ...shared];
}

const CLASSIC_TARBALL = '.yarn-tarball.tgz';

export function yarnClassicCache(folder: string): TarballCache {
  const foldersOf = classicFolders(folder);
  return {
    find({ locked }, report) {
      const { integrity } = locked;
      if (integrity?.type !== 'sri') return undefined;
      for (const unpacked of foldersOf(locked)) {
        const path = join(unpacked, CLASSIC_TARBALL);
        const bytes = readArchiveFile(path);
        if (bytes === undefined) continue;
        if (hasIntegrity(bytes, integrity.value))
          return { content: bytes, from: 'yarn-classic-cache', format: 'npm' };
        report(mismatch(printablePath(path), false));
      }
      return undefined;
    },
  };
}

/** The folders in which Yarn 1 may have unpacked a package, whatever the SHA-1 in their names is. They need not exist. */
function classicFolders(
  folder: string,
): (locked: Pick<LockedPackage, 'name' | 'version'>) => readonly string[] {
  let slots: ReadonlyMap<string, readonly string[]> | undefined;
  return ({ name, version }) => {
    slots ??= slotsIn(folder);
    // Yarn replaces other characters.
    const slug = name.replaceAll(/[^@a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
    const own = slots.get(`${slug}-${version}`) ?? [];
    return own.map((slot) => join(folder, slot, 'node_modules', name));
  };
}

function slotsIn(folder: string): Map<string, string[]> {
  const slots = new Map<string, string[]>();
  for (const slot of namesIn(folder)) {
    const what = SLOT.exec(slot)?.[1];
    if (what !== undefined) slots.set(what, [...(slots.get(what) ?? []), slot]);
  }
  return slots;
}
