/* pnpm's store: the entry of the index that pnpm takes for the integrity of a lockfile, the files that it lists, and the global virtual store. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { treeDigest, type UnpackedFiles } from '@tarwarden/core/trees';
import {
  checkPackage,
  openStoreIndex,
  storeEntryOf,
  type FoundEntry,
  type PackageMismatch,
  type StoreIndex,
} from '@tarwarden/host/pnpm-store';
import { realAsFar } from '@tarwarden/host';
import type { LockedPackage } from '@tarwarden/lockfiles';
import { namesIn } from '../cache/folder-entries.ts';
import { describeDifferences, listDifferences } from '../compare/differences.ts';
import type { InstalledFolder } from '../installed/walk.ts';
import type { AuditTask } from '../plan.ts';
import {
  differing,
  EMPTY_CACHE,
  guarded,
  NO_ARCHIVE,
  notCompared,
  SAME,
  type ClientStore,
  type KnownArchive,
  type StoredItem,
  type StoredOutcome,
} from './stored.ts';

/** @param store The folder that contains the stores of all versions. */
export function pnpmStores(store: string): ClientStore[] {
  return versionsIn(store).map(pnpmStore);
}

/** A link counts as well, here and below, because pnpm follows it. */
function versionsIn(store: string): string[] {
  return namesIn(store)
    .filter((name) => /^v\d+$/.test(name))
    .map((name) => join(store, name));
}

/** @param folder The folder of one version. */
function pnpmStore(folder: string): ClientStore {
  let index: StoreIndex | undefined;
  let unpinned: readonly string[] | undefined;
  return {
    itemsFor(task) {
      const locked = task.find(({ kind }) => kind === 'pnpm-lock')?.locked;
      if (locked === undefined || !FETCHED.includes(locked.source.type)) return [];
      const { integrity, version } = locked;
      let path = folder;
      try {
        index ??= openStoreIndex(folder);
        if (integrity?.type !== 'sri') {
          unpinned ??= unpinnedNames(folder, index);
          return unpinned.filter(isEntryOf(locked)).map((name) => {
            path = join(folder, name);
            const at = path;
            return { path, compare: () => notCompared(at, NO_HASH, REMOVE_STORE) };
          });
        }
        const entries = integrity.value.split(' ').flatMap((hash) => index?.entriesOf(hash) ?? []);
        return entries.map((entry): StoredItem => {
          path = entryPath(folder, entry);
          const item = { folder, entry, path, version };
          return {
            path,
            client: 'pnpm',
            compare: (archives) => guarded(folder, () => compareEntry(item, archives)),
          };
        });
      } catch (error) {
        const why = `its index cannot be read (${(error as Error).message})`;
        return [{ path, compare: () => notCompared(path, why, REMOVE_STORE) }];
      }
    },
  };
}

/** Sources for which pnpm has an entry in the store. */
const FETCHED: readonly string[] = ['registry', 'url', 'git', 'file'];

const NO_HASH = 'pnpm-lock.yaml has no hash for the package, and pnpm links it by its address';

/** Entries by address: a folder beside the index for pnpm 10, a row for pnpm 11 and newer. */
function unpinnedNames(folder: string, index: StoreIndex | undefined): string[] {
  const rows = [...(index?.all() ?? [])].map(({ name }) => name);
  return [...namesIn(folder), ...rows].filter((name) => !/^sha\d+-|^index\//.test(name));
}

/** pnpm replaces characters of an address, and the end of a long one by a hash. */
function isEntryOf({ source }: LockedPackage): (name: string) => boolean {
  if (source.type !== 'git' && source.type !== 'url') return () => false;
  const commit = source.type === 'git' ? source.commit : undefined;
  const id = commit ?? /[0-9a-f]{40}/.exec(source.url)?.[0] ?? plain(source.url);
  return (name) => plain(name).includes(plain(id)) || /_[0-9a-f]{32}$/.test(name);
}

function plain(address: string): string {
  return address.replaceAll(/[^\w.]+/g, '+').toLowerCase();
}

function entryPath(folder: string, { name, format }: FoundEntry): string {
  return format === 'json' ? join(folder, name) : join(folder, 'index.db');
}

const REMOVE_STORE = 'remove the folder, so that pnpm downloads its packages again';

interface EntryItem {
  readonly folder: string;
  readonly entry: FoundEntry;
  readonly path: string;
  readonly version: string | undefined;
}

function compareEntry(
  { folder, entry, path, version }: EntryItem,
  archives: readonly KnownArchive[],
): StoredOutcome {
  const known = archives[0]?.treeFor('pnpm');
  const tree = known?.files === undefined ? known?.digest : treeDigest('pnpm', known.files);
  if (tree === undefined) return notCompared(path, NO_ARCHIVE, EMPTY_CACHE);
  const { data, format } = entry;
  const task = { folder, data, format, tree, version, sampleBytes: 0 };
  const result = checkPackage(task);
  if ('mismatch' in result) {
    const { mismatch } = result;
    if (mismatch.kind === 'unreadable') return notCompared(path, mismatch.why, REMOVE_STORE);
    if ('file' in mismatch) return differing(mismatch.file, contentText(mismatch));
    if (mismatch.kind === 'manifest')
      return differing(
        path,
        `has another ${quote(mismatch.field)} than the package.json of the archive`,
      );
    if (mismatch.kind === 'build')
      return differing(path, 'has files of a build script, and the package has no such script');
    return differing(
      path,
      `lists other files than the archive has: ${listText(entry, known?.files)}`,
    );
  }
  return result.hasBuilds ? notCompared(path, BUILT, BUILT_REMEDY) : SAME;
}

const BUILT = 'it also has what build scripts made of the package, which no archive has';
const BUILT_REMEDY =
  'install with `--config.side-effects-cache=false`, or remove the store, so that the scripts run on this machine';

function contentText({ kind, path }: Extract<PackageMismatch, { readonly file: string }>): string {
  const is = `is ${quote(path)} of the package, and`;
  if (kind === 'type') return `${is} is no ordinary file`;
  return kind === 'mode' ? `${is} has another executable bit` : `${is} has another content`;
}

/** Names the files that differ, if the files of the archive are known and not only their digest. */
function listText(entry: FoundEntry, files: UnpackedFiles | undefined): string {
  if (files === undefined) return 'they do not have its tree digest';
  const listed = storeEntryOf(entry.data, entry.format).files;
  const hashes = new Map([...listed].map(([path, { sha512 }]) => [path, sha512]));
  const modes = [...listed].flatMap(([path, { executable }]) => {
    const wanted = files.get(path)?.executable;
    return wanted === undefined || wanted === executable ? [] : [path];
  });
  const found = { ...listDifferences(files, hashes), modes };
  return describeDifferences(found, ['changed', 'missing', 'added', 'modes']) ?? 'in their order';
}

/** The dependencies beside a package of the global virtual store. pnpm makes each of them a link to another package in it. */
export function linkedNeighbours(packages: readonly InstalledFolder[]): ClientStore {
  let known: ReadonlySet<string> | undefined;
  return {
    itemsFor: ([{ locked }]) =>
      packages
        .filter(({ name, version }) => name === locked.name && version === locked.version)
        .map(({ folder, as }) => {
          const modules = folder.slice(0, -as.length - 1);
          const compare = (): StoredOutcome => {
            known ??= new Set(packages.map((linked) => realAsFar(linked.folder)));
            return compareNeighbours({ modules, own: as, locked: known });
          };
          return { path: modules, compare: () => guarded(modules, compare) };
        }),
  };
}

interface Neighbours {
  readonly modules: string;
  /** The package whose dependencies they are. */
  readonly own: string;
  /** The real folders of the locked packages. */
  readonly locked: ReadonlySet<string>;
}

function compareNeighbours({ modules, own, locked }: Neighbours): StoredOutcome {
  const names = namesIn(modules).flatMap((name) =>
    name.startsWith('@') ? namesIn(join(modules, name)).map((base) => `${name}/${base}`) : name,
  );
  const paths = names
    .filter((name) => name !== own && !name.startsWith('.'))
    .map((name) => join(modules, name));
  const added = paths.find((path) => !lstatSync(path).isSymbolicLink());
  if (added !== undefined) return differing(added, 'is not a link, as pnpm makes it here');
  const elsewhere = paths.find((path) => !locked.has(realAsFar(path)));
  return elsewhere === undefined ? SAME : notCompared(elsewhere, ELSEWHERE, REMOVE_STORE);
}

const ELSEWHERE = 'it leads to no package of the store that a lockfile names';

/**
 * The locked packages in the global virtual store, which projects use as they are:
 * `links/@scope/name/1.0.0/<hash>/node_modules/@scope/name`.
 */
export function linkedPackages(store: string, tasks: readonly AuditTask[]): InstalledFolder[] {
  return versionsIn(store).flatMap((folder) =>
    tasks.flatMap((task): InstalledFolder[] => {
      const { name, version } = task.find(({ kind }) => kind === 'pnpm-lock')?.locked ?? {};
      if (name === undefined || version === undefined) return [];
      const path = name.startsWith('@') ? name : `@/${name}`;
      // Names of a lockfile are part of the path.
      if (`${path}/${version}`.split('/').some((part) => /^(?:\.{0,2})$/.test(part))) return [];
      const at = join(folder, 'links', path, version);
      return namesIn(at).flatMap((hash) => {
        const own = join(at, hash, 'node_modules', name);
        const isThere = lstatSync(own, { throwIfNoEntry: false }) !== undefined;
        return isThere ? [{ folder: own, name, version, as: name }] : [];
      });
    }),
  );
}
