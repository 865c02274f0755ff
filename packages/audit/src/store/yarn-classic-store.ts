/*
 * The cache of Yarn 1. Yarn installs the unpacked files without looking at the tarball beside them, and takes install scripts, commands and
 * dependencies from a copy of package.json in `.yarn-metadata.json`.
 */
import { lstatSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import { quote } from '@tarwarden/core/text';
import { readBounded } from '@tarwarden/host';
import { classicFolders } from '../bytes/yarn-classic-cache.ts';
import { CLASSIC_METADATA, classicPackageFolder } from '../cache/yarn-classic.ts';
import {
  compareFolder,
  differing,
  guarded,
  SAME,
  wrongKind,
  type ClientStore,
  type StoredOutcome,
} from './stored.ts';

const CLIENT = 'yarn-classic';

export function yarnClassicStore(cache: string): ClientStore {
  const foldersOf = classicFolders(cache);
  return {
    itemsFor(task) {
      const locked = task.find(({ kind }) => kind === 'yarn-classic')?.locked;
      if (locked === undefined) return [];
      return foldersOf(locked)
        .filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)
        .map((path) => ({
          path,
          client: CLIENT,
          compare: (archives) => {
            const files = compareFolder(classicPackageFolder(path), archives);
            if (files !== SAME) return files;
            const metadata = join(path, CLASSIC_METADATA);
            return guarded(metadata, () => compareMetadata(metadata, path));
          },
        }));
    },
  };
}

/** Fields of the copy that decide what is run, and what is installed. */
const FIELDS = ['scripts', 'bin', 'dependencies', 'optionalDependencies'] as const;

type Manifest = Readonly<Record<string, unknown>>;

/** @param folder Its package.json is that of the archive. Yarn does without the copy if it does not exist. */
function compareMetadata(path: string, folder: string): StoredOutcome {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return SAME;
  const wrong = wrongKind(path, 'file', 'Yarn');
  if (wrong !== undefined) return wrong;
  const copy = jsonIn(path)?.['manifest'] as Manifest | undefined;
  const own = jsonIn(join(folder, 'package.json'));
  if (copy === undefined || own === undefined) return differing(path, 'cannot be read');
  const name = ['name', 'version'].find((field) => copy[field] !== own[field]);
  if (name !== undefined)
    return differing(path, `has another ${name} than the package.json of the archive`);
  for (const field of FIELDS) {
    const known = entriesOf(own, field);
    for (const [key, value] of entriesOf(copy, field)) {
      if (known.get(key) === value || isAdded(field, [key, value], { folder, own })) continue;
      return differing(
        path,
        `has a field ${quote(`${field}.${key}`)} that the package.json of the archive does not have`,
      );
    }
  }
  return SAME;
}

/** Yarn adds the commands of `directories.bin`, and the scripts that it derives from files. */
function isAdded(
  field: (typeof FIELDS)[number],
  [key, value]: readonly [string, string],
  { folder, own }: { readonly folder: string; readonly own: Manifest },
): boolean {
  const has = (file: string): boolean =>
    lstatSync(join(folder, file), { throwIfNoEntry: false })?.isFile() === true;
  if (field === 'bin') {
    const { bin } = (own['directories'] ?? {}) as { readonly bin?: unknown };
    // Yarn links what the path leads to, also outside the package.
    const isBelow = typeof bin === 'string' && dirname(normalize(value)) === join(bin, '.');
    return isBelow && !normalize(value).startsWith('..') && basename(value) === key && has(value);
  }
  if (field !== 'scripts') return false;
  if (key === 'install') return value === 'node-gyp rebuild' && has('binding.gyp');
  return key === 'start' && value === 'node server.js' && has('server.js');
}

function entriesOf(manifest: Manifest, field: string): Map<string, string> {
  const value = manifest[field];
  const name = typeof manifest['name'] === 'string' ? manifest['name'] : '';
  if (field === 'bin' && typeof value === 'string') {
    // Yarn names the command of a scoped package without the scope.
    return new Map([[name.replace(/^@[^/]*\//, ''), normalize(value)]]);
  }
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  return new Map(
    entries.map(([key, text]) => [key, field === 'bin' ? normalize(String(text)) : String(text)]),
  );
}

function jsonIn(path: string): Manifest | undefined {
  const { bytes } = readBounded(path, { bytesMax: MAX_MANIFEST_FILE_BYTES, follow: false });
  try {
    const value: unknown = JSON.parse(bytes?.toString('utf8') ?? '');
    return typeof value === 'object' && value !== null ? (value as Manifest) : undefined;
  } catch {
    return undefined;
  }
}
