/*
 * go's module cache. go compares the note beside a zip (`.ziphash`) with go.sum, and builds from the unpacked folder without looking at its
 * files. The hash in go.sum is a hash of the files, so the folder is compared with go.sum itself.
 */
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { downloadFolder, escapePath } from '@tarwarden/host/go';
import { digestOfFile, readBounded } from '@tarwarden/host';
import { describeDifferences, folderDifferences } from '../compare/differences.ts';
import { folderFiles } from '../compare/folder-files.ts';
import {
  differing,
  guarded,
  notCompared,
  SAME,
  wrongKind,
  type ClientStore,
  type KnownArchive,
  type StoredItem,
  type StoredOutcome,
} from './stored.ts';

/** Bytes of a `.ziphash`: one hash. */
const NOTE_BYTES_MAX = 4096;

interface UnpackedModule {
  /** `path@version`, with which the names in a zip begin. */
  readonly module: string;
  /** The hash of go.sum. */
  readonly h1: string;
  readonly folder: string;
}

/** @param modcache GOMODCACHE. */
export function goStore(modcache: string): ClientStore {
  return {
    itemsFor([{ locked }]) {
      const { name, version, integrity } = locked;
      if (locked.ecosystem !== 'go' || integrity?.type !== 'go-h1') return [];
      const h1 = integrity.value;
      const [path, escaped] = [escapePath(name), escapePath(version)];
      // Names of go.sum are part of a path.
      if (`${path}@${escaped}`.split('/').some((part) => part === '' || /^\.{1,2}$/.test(part)))
        return [];
      const folder = join(modcache, `${path}@${escaped}`);
      const start = join(downloadFolder(modcache), path, '@v', escaped);
      const module = { module: `${name}@${version}`, h1, folder };
      const items: StoredItem[] = [
        { path: folder, client: 'go', compare: (archives) => compareModule(module, archives) },
        { path: `${start}.zip`, compare: (archives) => compareZip(`${start}.zip`, archives) },
        { path: `${start}.ziphash`, compare: () => compareNote(`${start}.ziphash`, h1) },
      ];
      return items.filter((item) => lstatSync(item.path, { throwIfNoEntry: false }) !== undefined);
    },
  };
}

/** If the hash differs, and the zip is in the cache, the files that differ are named. */
function compareModule(
  { module, h1, folder }: UnpackedModule,
  archives: readonly KnownArchive[],
): StoredOutcome {
  const wrong = wrongKind(folder, 'folder', 'go');
  if (wrong !== undefined) return wrong;
  return guarded(folder, () => {
    const { files, links, others, isCut } = folderFiles(folder, () => false);
    const isPlain = links.length === 0 && others.length === 0 && !isCut;
    if (isPlain && folderHash(folder, { module, files }) === h1) return SAME;
    const known = archives[0]?.treeFor('go')?.files;
    if (known === undefined) return differing(folder, `does not have the hash of go.sum (${h1})`);
    const found = folderDifferences(known, folder, () => false);
    const named = describeDifferences(found, ['changed', 'missing', 'added', 'links']);
    return differing(folder, `does not have the hash of go.sum: ${named ?? h1}`);
  });
}

/** Hash1 of golang.org/x/mod/sumdb/dirhash, for a folder. */
function folderHash(
  folder: string,
  { module, files }: { readonly module: string; readonly files: readonly string[] },
): string | undefined {
  const names = files.map((path) => `${module}/${path}`);
  if (names.some((name) => name.includes('\n'))) return undefined;
  const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const hash = createHash('sha256');
  for (const name of sorted) {
    const path = join(folder, name.slice(module.length + 1));
    const digest = digestOfFile(path, 'sha256');
    if (digest === undefined) return undefined;
    hash.update(`${digest}  ${name}\n`);
  }
  return `h1:${hash.digest('base64')}`;
}

/** The audit takes the zip of the cache only if it has the hash of go.sum, and reports it otherwise. */
function compareZip(path: string, archives: readonly KnownArchive[]): StoredOutcome {
  const wrong = wrongKind(path, 'file', 'go');
  if (wrong !== undefined) return wrong;
  return archives.length > 0 ? SAME : notCompared(path, 'it does not have the hash of go.sum');
}

function compareNote(path: string, h1: string): StoredOutcome {
  const wrong = wrongKind(path, 'file', 'go');
  if (wrong !== undefined) return wrong;
  return guarded(path, () => {
    const { bytes } = readBounded(path, { bytesMax: NOTE_BYTES_MAX, follow: false });
    return bytes?.toString('utf8').trim() === h1
      ? SAME
      : differing(path, `has another hash than go.sum (${h1})`);
  });
}
