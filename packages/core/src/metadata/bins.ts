import { posix } from 'node:path';

import type { FileSet, ClaimedPath } from '../tree/file-set.ts';
import { settledPath } from '../tree/package-path.ts';
import { depthOf, isRecord, unsafePath, type PackageJson } from './manifest.ts';

/** A command that package.json names. */
export interface Bin {
  readonly name: string;
  readonly target: string;
  /** The reason why the target leads out of the package. Undefined if it stays inside. */
  readonly unsafe: string | undefined;
  /** The path of the target in the package. Undefined if it cannot have one. */
  readonly key: string | undefined;
  /** The kind of file at the target. It can be a folder without an entry of its own. */
  readonly place: ClaimedPath['kind'] | undefined;
}

/** The commands of a manifest, with the files at their targets. */
export function binsOf(manifest: PackageJson | undefined, files: FileSet): readonly Bin[] {
  return binTargets(manifest).map(([name, target]) => {
    const unsafe = unsafePath(target);
    // A target with more folders than the longest path has characters cannot exist, and a megabyte of it takes long to normalise.
    const lost = unsafe !== undefined || depthOf(target) > files.longest;
    const key = lost ? undefined : targetKey(target);
    const place = key === undefined ? undefined : files.get(key)?.kind;
    return { name, target, unsafe, key, place };
  });
}

/** Key of the path of a target. */
function targetKey(path: string): string {
  const plain = path.startsWith('./') ? path.slice(2) : path;
  // A path without empty components, dots or backslashes needs no normalising.
  if (!/(?:^|\/)\.{0,2}(?:\/|$)|\\/.test(plain)) return plain;
  return settledPath(path);
}

/** The manifest's `bin` as name → target pairs, in the three forms that npm takes. */
export function binTargets(
  manifest: PackageJson | undefined,
): readonly (readonly [name: string, target: string])[] {
  if (!manifest?.ok) return [];
  const { bin } = manifest.json;
  // No manager makes a command of an empty target.
  if (bin === '') return [];
  if (typeof bin === 'string') return [[manifest.name?.replace(/^@[^/]*\//, '') ?? '', bin]];
  if (Array.isArray(bin))
    return bin.flatMap((target) =>
      typeof target === 'string' ? [[posix.basename(target), target] as const] : [],
    );
  if (!isRecord(bin)) return [];
  return Object.entries(bin).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
}
