/* Reads pnpm-lock.yaml, versions 6 and 9, with all its documents: pnpm 11 and 12 lock config dependencies in a separate one. */
import { type NpmClaim, pnpmLockedClaim, removesPackages } from '@tarwarden/core/metadata';
import { quote } from '@tarwarden/core/text';
import type { Collector } from '../lockfile/collector.ts';
import { sriOf } from '../lockfile/integrity.ts';
import { MAX_FIELD_CHARS } from '../lockfile/limits.ts';
import type { LineIndex } from '../lockfile/lines.ts';
import type { LockedPackage, PackageSource } from '../lockfile/lockfile.ts';
import {
  diskSource,
  gitSource,
  isGitSpec,
  isHttp,
  repositoryAt,
  splitSpec,
} from '../lockfile/specs.ts';
import {
  isMapping,
  mappingField,
  textField,
  yamlDocuments,
  type Mapping,
} from '../lockfile/yaml-documents.ts';
import { posix } from 'node:path';

const KNOWN = /^(?:6\.[01]|9\.0)$/;

/** The version of the last document, which is that of the project. */
export function readPnpmLock(text: string, to: Collector, lines: LineIndex): string {
  let version = '';
  const keys = lines.ofKeys(2);
  const documents = yamlDocuments(text, to);
  if (documents.length === 0 && to.problems.length === 0) to.problem(1, 'it is empty');
  for (const [index, document] of documents.entries()) {
    version = textField(document, 'lockfileVersion') ?? '';
    if (!KNOWN.test(version)) {
      const line = lines.ofKeys(0).get('lockfileVersion') ?? 1;
      const versionText =
        version === '' ? 'no lockfileVersion' : `lockfileVersion ${quote(version)}`;
      to.problem(line, `it has ${versionText}; 6.0 and 9.0 are known`);
      continue;
    }
    const packages = new Map<string, LockedPackage>();
    const pnpmWords = new PnpmWords(document);
    for (const [key, entry] of Object.entries(mappingField(document, 'packages'))) {
      const line = keys.get(key) ?? 1;
      const added = isMapping(entry)
        ? readEntry({ key, line, entry, claim: pnpmWords.of(key, entry) }, to)
        : undefined;
      if (added !== undefined) packages.set(key, added);
      if (!isMapping(entry)) to.unread(line, key, 'is not a mapping');
    }
    checkSnapshots(document, { keys, to });
    readImporters({ document, index, lines, packages }, to);
  }
  return version;
}

/** Version 9 has the data of a package under `packages`. If there is none, pnpm 10 takes that of the snapshot. */
function checkSnapshots(
  document: Mapping,
  { keys, to }: { readonly keys: ReadonlyMap<string, number>; readonly to: Collector },
): void {
  const packages = mappingField(document, 'packages');
  for (const [key, snapshot] of Object.entries(mappingField(document, 'snapshots'))) {
    const line = keys.get(key) ?? 1;
    // Peers and patches follow the version in brackets. A path may have brackets as well.
    if (!startsOf(key).some((start) => Object.hasOwn(packages, start)))
      to.unread(line, key, 'has a snapshot, and nothing in `packages`');
    else if (isMapping(snapshot) && Object.hasOwn(snapshot, 'resolution'))
      to.unread(line, key, 'has a resolution in its snapshot');
  }
}

/** The texts before each bracket of a key, and the whole key. Real keys are shorter than the part that is read. */
function startsOf(key: string): string[] {
  const brackets = key.slice(0, MAX_FIELD_CHARS).matchAll(/\(/g);
  return [...Array.from(brackets, ({ index }) => key.slice(0, index)), key];
}

interface PnpmLockEntry {
  readonly key: string;
  readonly line: number;
  readonly entry: Mapping;
  readonly claim: NpmClaim;
}

function readEntry(
  { key, line, entry, claim }: PnpmLockEntry,
  to: Collector,
): LockedPackage | undefined {
  const resolution = mappingField(entry, 'resolution');
  const identity = identityOf(key, entry);
  const source = sourceOf(resolution, identity.isLocked);
  if (source === undefined) {
    to.unread(line, key, 'has a resolution that is not known');
    return undefined;
  }
  const integrity = sriOf(textField(resolution, 'integrity') ?? '');
  return to.add({
    ecosystem: 'npm',
    name: identity.name,
    version: identity.version,
    source,
    ...(integrity !== undefined && { integrity }),
    line,
    key,
    ...(source.type === 'registry' && { claim }),
  });
}

interface Identity {
  readonly name: string;
  readonly version: string;
  /** Whether the key has a version, as for packages of a registry, and not an address. */
  readonly isLocked: boolean;
}

/** `/name@1.0.0(peer@2.0.0)` in version 6, `name@1.0.0` in version 9. For other keys, the entry may have name and version. */
function identityOf(key: string, entry: Mapping): Identity {
  const { name = '', reference = '' } =
    splitSpec(key.replace(/^\//, '').replace(/\(.*$/s, '')) ?? {};
  const isLocked = /^\d/.test(reference);
  return {
    name: textField(entry, 'name') ?? (/^(?:@[^/@:]+\/)?[^/@:]+$/.test(name) ? name : ''),
    version: textField(entry, 'version') ?? (isLocked ? reference : ''),
    isLocked,
  };
}

function sourceOf(resolution: Mapping, isLocked: boolean): PackageSource | undefined {
  const type = textField(resolution, 'type');
  const tarball = textField(resolution, 'tarball');
  if (type === 'git')
    return repositoryAt(textField(resolution, 'repo'), {
      commit: textField(resolution, 'commit'),
      folder: textField(resolution, 'path'),
    });
  if (type === 'directory')
    return { type: 'folder', path: textField(resolution, 'directory') ?? '' };
  if (type !== undefined && type !== 'tarball') return undefined;
  if (tarball === undefined)
    return textField(resolution, 'integrity') === undefined ? undefined : { type: 'registry' };
  if (tarball.startsWith('file:')) return diskSource(tarball.slice('file:'.length));
  if (isHttp(tarball)) return { type: isLocked ? 'registry' : 'url', url: tarball };
  return isGitSpec(tarball) ? gitSource(tarball) : undefined;
}

const CLAIMED =
  'os cpu libc peerDependencies dependencies optionalDependencies bundledDependencies'.split(' ');

/** Whether settings of the project may remove dependencies. pnpm takes an empty list for none. */
function isReshaped(document: Mapping): boolean {
  const { overrides, pnpmfileChecksum, ignoredOptionalDependencies: ignored } = document;
  const ignores = Array.isArray(ignored) && ignored.length > 0;
  return removesPackages(overrides) || pnpmfileChecksum !== undefined || ignores;
}

/** The words of a document about packages, from `packages` and, in version 9, `snapshots`. */
class PnpmWords {
  /** The names that some snapshot of a package depends on, by its key. Snapshots differ by their peers. */
  readonly #snapshots = new Map<string, Mapping>();
  readonly #isWhole: boolean;

  constructor(document: Mapping) {
    this.#isWhole = !isReshaped(document);
    for (const [key, snapshot] of Object.entries(mappingField(document, 'snapshots'))) {
      const id = key.replace(/\(.*$/s, '');
      if (isMapping(snapshot) && !this.#snapshots.has(id)) this.#snapshots.set(id, snapshot);
    }
  }

  of(key: string, entry: Mapping): NpmClaim {
    const allFields = { ...entry, ...this.#snapshots.get(key) };
    const fields = Object.entries(allFields).filter(([name]) => CLAIMED.includes(name));
    return pnpmLockedClaim(Object.fromEntries(fields), this.#isWhole);
  }
}

/** pnpm-workspace.yaml asks for config dependencies, with their integrity. */
const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies'];

interface Document {
  readonly document: Mapping;
  /** The number of the document in the file. */
  readonly index: number;
  readonly lines: LineIndex;
  /** The packages of the document by key. */
  readonly packages: ReadonlyMap<string, LockedPackage>;
}

/**
 * Reads which packages the lockfile has for the requests of the project's packages. Version 6 has no importers for a project without
 * workspaces. Then the document itself is one.
 */
function readImporters({ document, index, lines, packages }: Document, to: Collector): void {
  const hasImporters = Object.hasOwn(document, 'importers');
  const importers = hasImporters ? mappingField(document, 'importers') : { '.': document };
  const heads = lines.allOfKeys(2);
  const names = lines.allOfKeys(hasImporters ? 6 : 2);
  for (const [folder, importer] of Object.entries(importers)) {
    if (!isMapping(importer)) continue;
    const path = folder === '.' ? '' : folder;
    to.importers.add(path);
    const starts = hasImporters ? (heads.get(folder) ?? []) : [];
    const start = starts[Math.min(index, starts.length - 1)] ?? 1;
    for (const [name, dependency] of DEPENDENCIES.flatMap((kind) =>
      Object.entries(mappingField(importer, kind)),
    )) {
      if (!isMapping(dependency)) continue;
      const line = firstAfter(names.get(name) ?? [], start) ?? start;
      const range = textField(dependency, 'specifier');
      const version = textField(dependency, 'version') ?? '';
      const source = folderOf(version, path);
      to.resolve({
        importer: path,
        name,
        ...(range !== undefined && { range }),
        line,
        to: source
          ? { ecosystem: 'npm', name, version: '', source, line, key: name }
          : packageOf(name, version, packages),
      });
    }
  }
}

/** The first of ascending lines after another one. A binary search, because a name may be on every line of the file. */
function firstAfter(lines: readonly number[], start: number): number | undefined {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]! > start) high = middle;
    else low = middle + 1;
  }
  return lines[low];
}

function packageOf(
  name: string,
  reference: string,
  packages: ReadonlyMap<string, LockedPackage>,
): LockedPackage | undefined {
  const version = reference.replace(/\(.*$/s, '');
  const keys = [`${name}@${version}`, `/${name}@${version}`, version];
  return keys.map((key) => packages.get(key)).find((locked) => locked !== undefined);
}

/** Links have no entry of their own. Their path is relative to the package that asks. */
function folderOf(version: string, asking: string): PackageSource | undefined {
  if (!version.startsWith('link:')) return undefined;
  return { type: 'folder', path: posix.join(asking, version.slice('link:'.length)) };
}
