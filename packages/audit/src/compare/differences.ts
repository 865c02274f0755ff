/* Compares unpacked files with those of their archive. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfFile } from '@tarwarden/host';
import { plural, quote } from '@tarwarden/core/text';
import type { UnpackedFiles } from '@tarwarden/core/trees';
import { folderFiles, type FolderFiles, type SkipPath } from './folder-files.ts';

export interface Differences {
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  /** Files and devices, pipes and the like. */
  readonly added: readonly string[];
  readonly links: readonly string[];
  /** Files whose executable bit differs. Absent if modes are not compared. */
  readonly modes?: readonly string[];
  readonly isCut: boolean;
}

/** Paths of each kind that a message names. */
const NAMED_MAX = 3;

export function folderDifferences(
  expected: UnpackedFiles,
  folder: string,
  skip: SkipPath,
): Differences {
  const found: FolderFiles = folderFiles(folder, skip);
  const has = new Set(found.files);
  return {
    changed: found.files.filter((path) => {
      const hash = expected.get(path)?.sha512;
      return hash !== undefined && hash !== digestOfFile(join(folder, path), 'sha512');
    }),
    missing: [...expected.keys()].filter((path) => !has.has(path) && !skip(path, 'file')),
    added: [...found.files.filter((path) => !expected.has(path)), ...found.others],
    links: found.links,
    isCut: found.isCut,
  };
}

/** The files of a folder that are executable, and are not in the archive, or the reverse. Windows has no such bit. */
export function modeDifferences(expected: UnpackedFiles, folder: string): string[] {
  if (process.platform === 'win32') return [];
  return [...expected].flatMap(([path, { executable }]) => {
    const stat = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (stat?.isFile() !== true) return [];
    return ((stat.mode & 0o111) !== 0) === executable ? [] : [path];
  });
}

/** @param found SHA-512 in hex by path, as a store has it. */
export function listDifferences(
  expected: UnpackedFiles,
  found: ReadonlyMap<string, string>,
): Differences {
  return {
    changed: [...found].flatMap(([path, hash]) =>
      expected.has(path) && expected.get(path)?.sha512 !== hash ? [path] : [],
    ),
    missing: [...expected.keys()].filter((path) => !found.has(path)),
    added: [...found.keys()].filter((path) => !expected.has(path)),
    links: [],
    isCut: false,
  };
}

/** Names the differences of these kinds. Undefined if there are none. */
export function describeDifferences(
  differences: Differences,
  kinds: readonly ('changed' | 'missing' | 'added' | 'links' | 'modes')[],
): string | undefined {
  const parts = kinds.flatMap((kind) => {
    const paths = differences[kind] ?? [];
    if (paths.length === 0) return [];
    return [`${kind === 'modes' ? 'another executable bit at' : kind} ${listedPaths(paths)}`];
  });
  if (differences.isCut) parts.push('more entries than are looked at');
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** The first paths in quotes, and the number of all if there are more. */
export function listedPaths(paths: readonly string[]): string {
  const named = paths.slice(0, NAMED_MAX).map(quote).join(', ');
  return paths.length > NAMED_MAX ? `${named}, … ${plural(paths.length, 'path')}` : named;
}
