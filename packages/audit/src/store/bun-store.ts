/* bun's cache has the unpacked files of each package, and bun installs them as they are. */
import { join } from 'node:path';
import type { LockedPackage } from '@tarwarden/lockfiles';
import { bunHash } from '../cache/bun-hash.ts';
import { bunFolder, bunSlot } from '../cache/bun-cache.ts';
import { namesIn } from '../cache/folder-entries.ts';
import {
  compareFolder,
  notCompared,
  type ClientStore,
  type StoredItem,
  type StoredOutcome,
} from './stored.ts';

export function bunStore(cache: string): ClientStore {
  const scopes = new Map<string, readonly string[]>();
  const namesOf = (scope: string): readonly string[] => {
    const known = scopes.get(scope) ?? namesIn(join(cache, scope));
    scopes.set(scope, known);
    return known;
  };
  return {
    itemsFor(task) {
      const locked = task.find(({ kind }) => kind === 'bun')?.locked;
      if (locked === undefined) return [];
      if (locked.source.type !== 'registry') {
        const isOwn = slotsOf(locked);
        return namesOf('')
          .filter(isOwn)
          .map((slot) => slotItem(join(cache, slot), locked));
      }
      const [scope = '', base] = locked.name.startsWith('@')
        ? locked.name.split('/')
        : ['', locked.name];
      const wanted = slotVersion(locked.version);
      return namesOf(scope).flatMap((slot) => {
        const named = bunSlot(slot);
        if (named?.base !== base || named?.version !== wanted) return [];
        return slotItem(join(cache, scope, slot), locked);
      });
    },
  };
}

/** A link counts as well, because bun follows it. */
function slotItem(path: string, { source }: LockedPackage): StoredItem {
  return {
    path,
    client: 'bun',
    compare: (archives): StoredOutcome =>
      source.type === 'git'
        ? notCompared(path, GIT, GIT_REMEDY)
        : compareFolder(bunFolder(path), archives),
  };
}

const GIT = 'bun made it from a git repository, and bun.lock has no hash of its files';
const GIT_REMEDY = 'remove it, so that bun fetches the commit again';

/** Names of slots for an archive by address or a commit of a repository. bun names an archive by its hash, and earlier by its address. */
function slotsOf({ source, integrity }: LockedPackage): (slot: string) => boolean {
  if (source.type === 'git') {
    const short = source.commit?.slice(0, 7) ?? '';
    return (slot) => /^@GH?@/.test(slot) && slot.includes(short);
  }
  const starts: string[] = [];
  if (integrity?.type === 'sri') {
    for (const hash of integrity.value.split(' ')) {
      const [algorithm = '', value = ''] = hash.split(/-(.*)/s);
      starts.push(`@T@${algorithm}-${Buffer.from(value, 'base64').toString('hex').slice(0, 32)}@`);
    }
  }
  if (source.type === 'url') starts.push(`@T@${bunHash(source.url)}@`);
  if (source.type === 'file') starts.push(`@T@${bunHash(source.path)}@`);
  return (slot) => starts.some((start) => slot.startsWith(start));
}

/** bun replaces a prerelease, and what comes after a plus sign, by a hash. */
function slotVersion(version: string): string {
  const [, number = '', prerelease, build] =
    /^([^-+]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(version) ?? [];
  return [
    number,
    prerelease === undefined ? '' : `-${bunHash(prerelease)}`,
    build === undefined ? '' : `+${bunHash(build).toUpperCase()}`,
  ].join('');
}
