/*
 * Compares one entry of a store with the archive that a lockfile names, and the files that it lists with their hashes. It runs in
 * several threads, so its arguments and results are plain data.
 */
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { sep } from 'node:path';
import { normalize } from 'node:path/posix';
import { isDeepStrictEqual } from 'node:util';
import { INSTALL_SCRIPTS } from '@tarwarden/core/metadata';
import { treeDigest, type UnpackedFile } from '@tarwarden/core/trees';
import { digestOfFile } from '../files/digest-of-file.ts';
import { FACTS, haveBirths, putFacts, suspects } from './file-facts.ts';
import type { IndexValue } from './index-values.ts';
import { storeEntryOf, indexValue, type EntryFormat, type StoreEntry } from './store-entry.ts';
import { UnreadableStoreError } from './unreadable-store.ts';

export interface PackageTask {
  /** The folder of one version of the store. */
  readonly folder: string;
  readonly data: Uint8Array;
  readonly format: EntryFormat;
  /** The tree digest of the archive, for pnpm. */
  readonly tree: string;
  /** The seal that this machine remembers for this package. */
  readonly seal?: string | undefined;
  /** The version that the lockfile names. */
  readonly version?: string | undefined;
  /** Bytes of known files that are hashed all the same. */
  readonly sampleBytes: number;
}

export type PackageMismatch =
  /** The list of files differs from that of the archive. */
  | { readonly kind: 'files'; readonly difference?: string }
  /** A file of the store does not have the content that its name says. */
  | { readonly kind: 'content' | 'mode' | 'type'; readonly path: string; readonly file: string }
  /** The index has another package.json. */
  | { readonly kind: 'manifest'; readonly field: string }
  /** The entry has files of build scripts, and the package has no such script. */
  | { readonly kind: 'build' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** The files of a package that was compared, for {@link KnownFiles}. */
export interface CheckedFiles {
  /** Their paths below `files` in the store, each with a line feed. */
  readonly names: string;
  readonly facts: Float64Array;
  /** Whether the store has all files of the entry. */
  readonly areAll: boolean;
}

export type PackageResult =
  | { readonly mismatch: PackageMismatch }
  | {
      /** Undefined if the file system keeps no times of birth. */
      readonly seal: string | undefined;
      readonly isKnown: boolean;
      readonly hasBuilds: boolean;
      readonly files: CheckedFiles;
    };

/** Compares a package. Never throws. */
export function checkPackage(task: PackageTask): PackageResult {
  try {
    return compare(task);
  } catch (error) {
    if (!(error instanceof UnreadableStoreError)) throw error;
    return { mismatch: { kind: 'unreadable', why: error.message } };
  }
}

function compare(task: PackageTask): PackageResult {
  const entry = storeEntryOf(task.data, task.format);
  const present = presentFiles(entry, task.folder);
  const special = present.find(({ stat }) => !stat.isFile() || (stat.mode & SPECIAL_BITS) !== 0);
  if (special !== undefined) return mismatchOf('type', special);
  const facts = factsOf(present);
  const seal = sealOf(task, facts);
  const isKnown = seal !== undefined && seal === task.seal;
  if (!isKnown && treeDigest('pnpm', entry.files) !== task.tree)
    return { mismatch: { kind: 'files' } };
  const changedAt = Float64Array.from(present, ({ stat }) => stat.ctimeMs);
  const hashed = isKnown
    ? suspects({ facts, changedAt, sampleBytes: task.sampleBytes }).map((index) => present[index]!)
    : present;
  const changed = hashed.find(({ name, sha512 }) => digestOfFile(name, 'sha512') !== sha512);
  if (changed !== undefined) return mismatchOf('content', changed);
  if (!isKnown) {
    const manifest = manifestOf(present);
    if (manifest !== undefined) {
      const mismatch = otherManifest(entry, { manifest, present, version: task.version });
      if (mismatch !== undefined) return { mismatch };
    }
  }
  const start = fileStart(task.folder).length;
  const names = present.map(({ name }) => `${name.slice(start)}\n`).join('');
  const files = { names, facts, areAll: present.length === entry.files.size };
  return { seal, isKnown, hasBuilds: entry.builds.length > 0, files };
}

function mismatchOf(kind: 'content' | 'mode' | 'type', { path, name }: PresentFile): PackageResult {
  return { mismatch: { kind, path, file: name } };
}

interface PresentFile extends UnpackedFile {
  /** The path in the package. */
  readonly path: string;
  /** The path of the file in the store. */
  readonly name: string;
  readonly stat: Stats;
}

/** The path of the files in the folder of one version of the store, with a separator. */
export function fileStart(folder: string): string {
  return `${folder}${sep}files${sep}`;
}

/** The files that the store has. pnpm fetches a package again if one is missing. */
function presentFiles({ files }: StoreEntry, folder: string): PresentFile[] {
  const present: PresentFile[] = [];
  const start = fileStart(folder);
  for (const [path, { sha512, executable }] of files) {
    if (sha512 === '') continue;
    const end = executable ? '-exec' : '';
    const name = `${start}${sha512.slice(0, 2)}${sep}${sha512.slice(2)}${end}`;
    const stat = lstatSync(name, { throwIfNoEntry: false });
    if (stat !== undefined) present.push({ sha512, executable, path, name, stat });
  }
  return present;
}

/** Set-user-ID and the like. pnpm gives them to no file, and a link to the file would have them. */
const SPECIAL_BITS = process.platform === 'win32' ? 0 : 0o7000;

/** The facts of each file. A thread of `known-files.ts` puts down the same ones for a whole install. */
function factsOf(files: readonly PresentFile[]): Float64Array {
  const facts = new Float64Array(files.length * FACTS);
  files.forEach(({ stat }, index) => putFacts(facts, index, stat));
  return facts;
}

/**
 * A hash over the number, mode, size, time of modification and time of birth of each file. No program can choose both the number
 * and the time of birth of a new file. A restored cache has new files, so it never has a seal that this machine remembers.
 */
function sealOf({ tree, data }: PackageTask, facts: Float64Array): string | undefined {
  if (!haveBirths(facts)) return undefined;
  const hash = createHash('sha256');
  hash.update(`tarwarden-seal 2\n${tree}\n`);
  hash.update(createHash('sha256').update(data).digest());
  return hash.update(facts).digest('base64');
}

type Manifest = ReadonlyMap<string, IndexValue>;

/** The package.json of a package, if the store has one that pnpm will not fetch again. */
function manifestOf(present: readonly PresentFile[]): Manifest | undefined {
  const file = present.find(({ path }) => path === 'package.json');
  if (file === undefined) return undefined;
  const bytes = readFileSync(file.name);
  if (createHash('sha512').update(bytes).digest('hex') !== file.sha512) return undefined;
  const value = indexValue(JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')));
  return value instanceof Map ? value : undefined;
}

interface Archived {
  readonly manifest: Manifest;
  readonly present: readonly PresentFile[];
  readonly version: string | undefined;
}

/** Compares the facts in an entry that pnpm believes without looking at the files. */
function otherManifest(entry: StoreEntry, archived: Archived): PackageMismatch | undefined {
  const { manifest, present, version } = archived;
  for (const [field, value] of entry.manifest) {
    const isSame =
      field === 'version'
        ? isVersion(value, manifest.get(field), version)
        : field === 'scripts'
          ? hasAll(value, manifest.get(field))
          : isDeepStrictEqual(value, manifest.get(field));
    if (!isSame) return { kind: 'manifest', field };
  }
  const hasBuild = entry.builds.some((key) => !key.includes(PATCHED));
  if (hasBuild && !runsScripts(manifest, present)) return { kind: 'build' };
  const commands = commandFiles(manifest);
  const wrong = present.find(({ path, executable, stat }) => {
    if (process.platform === 'win32') return false;
    // pnpm makes the files of commands executable, and with them their links in the store.
    return executable ? (stat.mode & 0o100) === 0 : (stat.mode & 0o111) !== 0 && !commands(path);
  });
  return wrong && { kind: 'mode', path: wrong.path, file: wrong.name };
}

/** A patch changes a package without any script. */
const PATCHED = 'patch=';

function runsScripts(manifest: Manifest, present: readonly PresentFile[]): boolean {
  const scripts = manifest.get('scripts');
  return (
    (scripts instanceof Map && INSTALL_SCRIPTS.some((name) => scripts.has(name))) ||
    present.some(({ path }) => path === 'binding.gyp' || path.startsWith('.hooks/'))
  );
}

/** pnpm writes versions as semver does, without a `v` before it and without what follows a `+`. */
function isVersion(stored: IndexValue, own: IndexValue, locked: string | undefined): boolean {
  if (stored === own || stored === locked) return true;
  if (typeof own !== 'string') return own === undefined && stored === '0.0.0';
  return (
    stored ===
    own
      .trim()
      .replace(/^[=v]+/, '')
      .replace(/\+.*$/, '')
  );
}

function hasAll(part: IndexValue, whole: IndexValue): boolean {
  if (!(part instanceof Map) || !(whole instanceof Map)) return false;
  return [...part].every(([key, value]) => whole.get(key) === value);
}

function commandFiles(manifest: Manifest): (path: string) => boolean {
  const bin = manifest.get('bin');
  const named = bin instanceof Map ? [...bin.values()] : [bin];
  const files = new Set(named.map((path) => (typeof path === 'string' ? normalize(path) : '')));
  const directories = manifest.get('directories');
  const folder = directories instanceof Map ? directories.get('bin') : undefined;
  const start =
    typeof folder === 'string' ? `${normalize(folder)}/`.replace(/\/+$/, '/') : undefined;
  return (path) => files.has(path) || (start !== undefined && path.startsWith(start));
}
