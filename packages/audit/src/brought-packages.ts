/*
 * Checks the packages that an archive itself contains or lists:
 *
 * - A lockfile may say that a package comes inside the archive of another one. Such a package has no integrity. If the archive does not
 *   contain it, npm may fetch it from a registry.
 * - An archive may have a npm-shrinkwrap.json. npm 7 to 11 install the packages in it, even if the project's lockfile has others below
 *   the package, or none. npm itself writes the same packages into both. So each has to be in the lockfile, where the audit inspects it.
 */
import type { Format } from '@tarwarden/core';
import { formatOf } from '@tarwarden/core/formats';
import { Typeflag, type Entry as ArchiveEntry } from '@tarwarden/core/containers';
import type { Limits } from '@tarwarden/core/limits';
import { plural, quote } from '@tarwarden/core/text';
import { packagePath } from '@tarwarden/core/tree';
import {
  MAX_LOCKFILE_CHARS,
  readLockfile,
  type LockedPackage,
  type Lockfile,
} from '@tarwarden/clients/lockfiles';
import type { AuditTask } from './plan.ts';
import type { Check } from './result.ts';

const NAME = 'npm-shrinkwrap.json';

/** Packages that a message names. */
const NAMED_MAX = 3;

/** The bytes of a tarball that was accepted. */
interface InspectedTarball {
  readonly bytes: Buffer;
  readonly format: Format;
}

/** Another check for accepted bytes. A task that has one needs the bytes, even if the verdict is remembered. */
type TarballComparison = (tarball: InspectedTarball) => readonly Check[];

/** Undefined if no lockfile says that the package contains others, or has a shrinkwrap. */
export function broughtCompare(task: AuditTask, limits: Limits): TarballComparison | undefined {
  const folders = new Set(task.flatMap(({ locked }) => locked.brings ?? []));
  const lockfiles = task.flatMap(({ locked, lockfile }) =>
    locked.hasShrinkwrap === true && lockfile !== undefined ? [lockfile] : [],
  );
  if (folders.size === 0 && lockfiles.length === 0) return undefined;
  return (tarball) => {
    const { files, shrinkwrap } = contentsOf(tarball, limits);
    return [
      ...(shrinkwrap === undefined
        ? []
        : lockfiles.flatMap((lockfile) => checksOf(shrinkwrap, lockfile))),
      ...bundledChecks(folders, files),
    ];
  };
}

function bundledChecks(folders: ReadonlySet<string>, files: ReadonlySet<string>): Check[] {
  const absent = [...folders].filter((folder) => !files.has(`${folder}/package.json`));
  if (absent.length === 0) return [];
  const message = `the lockfile says that its archive contains ${listedPackages(absent.map(quote))}, and it does not`;
  return [{ id: 'not-locked', level: 'error', message }];
}

function checksOf(text: string, lockfile: Lockfile): Check[] {
  const wrapped = packagesOf(text);
  if (wrapped === undefined)
    return [error('npm may install by it, and it cannot be read as a lockfile')];
  const locked = packageKeys(lockfile);
  const unlocked = wrapped.filter(
    (wrappedPackage) => isFetched(wrappedPackage) && !locked.has(packageKey(wrappedPackage)),
  );
  if (unlocked.length === 0) return [];
  const names = listedPackages(unlocked.map(({ name, version }) => quote(`${name}@${version}`)));
  return [error(`npm 11 and older install ${names} by it, which the lockfile does not have`)];
}

/** The first names, and the number of all if there are more. */
function listedPackages(names: readonly string[]): string {
  const firstNames = names.slice(0, NAMED_MAX).join(', ');
  return names.length > NAMED_MAX
    ? `${firstNames} and more, ${plural(names.length, 'package')}`
    : firstNames;
}

function error(problem: string): Check {
  return { id: 'not-locked', level: 'error', message: `it has a ${NAME} of its own: ${problem}` };
}

/** Packages inside the archive, or in a folder, are not fetched. */
function isFetched({ source }: LockedPackage): boolean {
  return ['registry', 'url', 'git', 'file'].includes(source.type);
}

const keysByLockfile = new WeakMap<Lockfile, ReadonlySet<string>>();

function packageKeys(lockfile: Lockfile): ReadonlySet<string> {
  const keys = keysByLockfile.get(lockfile) ?? new Set(lockfile.packages.map(packageKey));
  keysByLockfile.set(lockfile, keys);
  return keys;
}

/** Two packages are the same if they have the same integrity, or without one, the same source. */
function packageKey({ name, version, source, integrity }: LockedPackage): string {
  const bytes = integrity?.type === 'sri' ? integrity.value : source;
  return JSON.stringify([name, version, source.type, bytes]);
}

/** All packages, since npm writes those for development into the lockfile as well. Undefined if the text cannot be read. */
function packagesOf(text: string): readonly LockedPackage[] | undefined {
  const { packages, problems } = readLockfile(NAME, text);
  return problems.length === 0 ? packages : undefined;
}

interface Contents {
  /** The paths of the regular files, as seen from the package's folder. */
  readonly files: ReadonlySet<string>;
  /** The text of the shrinkwrap. Undefined if there is none. */
  readonly shrinkwrap: string | undefined;
}

/** The contents of an archive that was inspected under the same limits. */
function contentsOf({ bytes, format: id }: InspectedTarball, limits: Limits): Contents {
  const format = formatOf(id);
  const files = new Set<string>();
  const pieces: Buffer[] = [];
  let length = 0;
  let state: 'before' | 'in' | 'after' = 'before';
  const sink = {
    entry(entry: ArchiveEntry): boolean {
      const { key } = packagePath(entry, false, format.layout);
      if (entry.typeflag === Typeflag.File) files.add(key);
      if (state === 'in') state = 'after';
      if (state === 'before' && key === NAME) state = 'in';
      return state === 'in';
    },
    body(piece: Buffer): void {
      length += piece.length;
      if (state === 'in' && length <= MAX_LOCKFILE_CHARS) pieces.push(Buffer.from(piece));
    },
    anomaly: (): void => undefined,
    enough: () => false,
  };
  format.read(bytes, sink, { limits });
  if (state === 'before') return { files, shrinkwrap: undefined };
  // An empty text is not valid, so the check reports a shrinkwrap that is too long.
  const text = length > MAX_LOCKFILE_CHARS ? '' : Buffer.concat(pieces).toString('utf8');
  return { files, shrinkwrap: text };
}
