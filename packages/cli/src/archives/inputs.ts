import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  type Stats,
} from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { recogniseFormat, type InspectOptions } from '@tarwarden/core';
import { MAX_ARCHIVE_FILE_BYTES } from '@tarwarden/core/limits';
import type { FetchSource, ScanError, ScanResult } from '@tarwarden/core/report';
import { readBounded } from '@tarwarden/guard';
import { fileError, scanFile, type SpokenFileOptions } from '@tarwarden/guard/inspect-file';

/** A path or a package that cannot be inspected. */
export interface MissingArchive {
  readonly path: string;
  readonly error: ScanError;
}

/** A file to inspect. */
export interface ArchiveFile {
  readonly path: string;
  /** The name of the archive for people and documents. The path, if it was not fetched. Not escaped. */
  readonly shown: string;
  /** Options for this file alone. */
  readonly inspection: Pick<SpokenFileOptions, 'format' | 'expected' | 'claims'>;
  /** Absent for a file of this machine. */
  readonly fetched?: FetchSource;
}

export type Input = MissingArchive | (Pick<ArchiveFile, 'path'> & Partial<ArchiveFile>);

/** The result for an input. If it cannot be inspected, that is the reason. Nothing is thrown. */
export function inspectInput(input: Input, inspection: InspectOptions): ScanResult {
  if ('error' in input) return input;
  const { path, shown = path, fetched } = input;
  const result = scanFile(path, { ...inspection, ...input.inspection });
  return fetched === undefined ? result : { ...result, path: shown, fetched };
}

/** Facts about a walk that have no line in the report. */
export interface WalkNotes {
  /** Linked folders that were not entered. */
  linkedFolders: number;
  /** Folders that were named and contain no archive. */
  readonly empty: string[];
}

const ARCHIVE_NAME = /\.(?:tgz|tar\.gz|tar|whl|gem)$/i;

/** Names in a cache of Yarn: `left-pad-npm-1.3.0-0a1b2c3d4e-8.zip`. Other zips in a folder are no packages. */
const YARN_CACHE_NAME = /-[0-9a-f]{10}-[0-9a-z]+\.zip$/;

/** Zips in a module cache of Go, each of one version: `cache/download/example.com/mod/@v/v1.0.0.zip`. */
const GO_CACHE_NAME = /[\\/]@v[\\/]v[^\\/]+\.zip$/;

/** Names of zips that may be sdists (PEP 625, with older spellings): `name-version.zip`. Their content decides. */
const SDIST_ZIP_NAME = /^[a-z0-9](?:[\w.-]*[a-z0-9])?-v?\d[\w.!+]*(?:-\w+)?\.zip$/i;

/** Bytes that show whether a file of an npm cache is an archive, since these files have no names: up to the end of ustar's magic. */
const HEAD_BYTES = 262;

/** The inputs for a path: the file, or the archives below a folder by name. Links in a folder are not followed. */
export function* inputsOf(path: string, notes: WalkNotes): Generator<Input> {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    yield { path, error: fileError(error) };
    return;
  }
  if (stats.isDirectory()) {
    let count = 0;
    for (const input of walk(path, notes)) {
      count += 1;
      yield input;
    }
    if (count === 0) notes.empty.push(path);
  } else if (stats.isFile()) {
    yield { path };
  } else {
    yield { path, error: { code: 'NOT_A_FILE', message: 'neither a file nor a folder' } };
  }
}

function* walk(folder: string, notes: WalkNotes): Generator<Input> {
  // A stack, because the archive's author decides how deep a tree is, and recursion could run out of stack.
  const pending = [folder];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    let stats: Stats;
    try {
      stats = path === folder ? statSync(path) : lstatSync(path);
      if (stats.isDirectory()) {
        const names = readdirSync(path).toSorted();
        for (const name of names.toReversed()) pending.push(join(path, name));
        continue;
      }
    } catch (error) {
      yield { path, error: fileError(error) };
      continue;
    }
    yield* inputsAt(path, stats, notes);
  }
}

function* inputsAt(path: string, stats: Stats, notes: WalkNotes): Generator<Input> {
  const hasArchiveName = [ARCHIVE_NAME, YARN_CACHE_NAME, GO_CACHE_NAME].some((name) =>
    name.test(path),
  );
  if (stats.isSymbolicLink()) {
    if (hasArchiveName) {
      const message = 'a symbolic link in a folder is not followed; name it to have it inspected';
      yield { path, error: { code: 'LINK_NOT_FOLLOWED', message } };
    } else if (isFolder(path)) {
      notes.linkedFolders += 1;
    }
  } else if (stats.isFile()) {
    if (hasArchiveName) yield { path };
    else if (SDIST_ZIP_NAME.test(basename(path))) yield* ifArchive(path, isSdist);
    else if (resolve(path).split(sep).includes('content-v2')) yield* ifArchive(path, isTarball);
  } else if (hasArchiveName) {
    yield { path, error: { code: 'NOT_A_FILE', message: 'neither a file nor a folder' } };
  }
}

/** The path, if the content of the file shows that it is an archive. */
function* ifArchive(path: string, isArchive: (path: string) => boolean): Generator<Input> {
  try {
    if (isArchive(path)) yield { path };
  } catch (error) {
    yield { path, error: fileError(error) };
  }
}

/** A zip in a folder is an archive only if it has the metadata of a package. */
function isSdist(path: string): boolean {
  const { bytes } = readBounded(path, { bytesMax: MAX_ARCHIVE_FILE_BYTES, follow: false });
  return bytes !== undefined && recogniseFormat(basename(path), bytes) === 'sdist';
}

/** The files of an npm cache are named by their hash. The first bytes show whether one is a tarball or a packument. */
function isTarball(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const head = buffer.subarray(0, readSync(descriptor, buffer, 0, HEAD_BYTES, 0));
    return (head[0] === 0x1f && head[1] === 0x8b) || head.toString('latin1', 257) === 'ustar';
  } finally {
    closeSync(descriptor);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
