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
import { realFoldersIn } from '../cache/folder-entries.ts';
import { describeDifferences, listDifferences } from '../compare/differences.ts';
import type { InstalledFolder } from '../installed/walk.ts';
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

function versionsIn(store: string): string[] {
  return realFoldersIn(store)
    .filter((name) => /^v\d+$/.test(name))
    .map((name) => join(store, name));
}

/** @param folder The folder of one version. */
function pnpmStore(folder: string): ClientStore {
  let index: StoreIndex | undefined;
  return {
    itemsFor(task) {
      const locked = task.find(({ kind }) => kind === 'pnpm-lock')?.locked;
      const { integrity, version, source } = locked ?? {};
      if (integrity?.type !== 'sri') return [];
      if (source?.type !== 'registry' && source?.type !== 'url') return [];
      let path = folder;
      try {
        index ??= openStoreIndex(folder);
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

/** The packages of the global virtual store, which projects use as they are: `links/@scope/name/1.0.0/<hash>/node_modules/@scope/name`. */
export function linkedPackages(store: string): InstalledFolder[] {
  return versionsIn(store).flatMap((version) => {
    const links = join(version, 'links');
    return realFoldersIn(links).flatMap((scope) =>
      realFoldersIn(join(links, scope)).flatMap((base) =>
        realFoldersIn(join(links, scope, base)).flatMap((number) =>
          realFoldersIn(join(links, scope, base, number)).flatMap((hash) => {
            const name = scope === '@' ? base : `${scope}/${base}`;
            const folder = join(links, scope, base, number, hash, 'node_modules', name);
            const isThere = lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
            return isThere ? [{ folder, name, version: number, as: name }] : [];
          }),
        ),
      ),
    );
  });
}
