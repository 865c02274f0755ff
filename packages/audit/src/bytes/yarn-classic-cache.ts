/* The cache of Yarn 1, which keeps each tarball beside its unpacked files. */
import { isAbsolute, join } from 'node:path';
import { homeOf, type Variables } from '@tarwarden/settings';
import { printablePath } from '@tarwarden/core/text';
import { hasIntegrity } from '@tarwarden/host';
import { namesIn } from '../cache/folder-entries.ts';
import { readArchiveFile } from './read.ts';
import { mismatch, type ByteCache } from './source.ts';

/** `npm-left-pad-1.3.0-5b8a3a77…-integrity`: registry, package, version, SHA-1. */
const SLOT = /^npm-(.+)-[0-9a-f]{40}(?:-integrity)?$/;

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

export function yarnClassicCache(folder: string): ByteCache {
  let slots: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    find({ locked: { name, version, integrity } }, report) {
      if (integrity?.type !== 'sri') return undefined;
      slots ??= slotsIn(folder);
      for (const slot of slots.get(`${name.replace('/', '-')}-${version}`) ?? []) {
        const path = join(folder, slot, 'node_modules', name, '.yarn-tarball.tgz');
        const bytes = readArchiveFile(path);
        if (bytes === undefined) continue;
        if (hasIntegrity(bytes, integrity.value))
          return { bytes, from: 'yarn-classic-cache', format: 'npm' };
        report(mismatch(printablePath(path), false));
      }
      return undefined;
    },
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
