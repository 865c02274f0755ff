/* Reads pnpm-lock.yaml, versions 6 and 9, with all its documents: pnpm 11 and 12 lock config dependencies in a separate one. */
import type { NpmClaim } from '@tarwarden/core/metadata';
import { quote } from '@tarwarden/core/text';
import type { Collector } from '../collector.ts';
import { sriOf } from '../integrity.ts';
import { MAX_FIELD_CHARS } from '../limits.ts';
import type { LineIndex } from '../lines.ts';
import type { LockedPackage, PackageSource } from '../lockfile.ts';
import { gitSource, isArchivePath, isGitSpec, isHttp, splitSpec } from '../specs.ts';
import { readImporters } from './importers.ts';
import { PnpmWords } from './words.ts';
import {
  isMapping,
  mappingField,
  textField,
  yamlDocuments,
  type Mapping,
} from '../yaml-documents.ts';

const KNOWN = /^(?:6\.[01]|9\.0)$/;

/** The version of the last document, which is that of the project. */
export function readPnpmLock(text: string, lines: LineIndex, to: Collector): string {
  let version = '';
  const keys = lines.ofKeys(2);
  const documents = yamlDocuments(text, to);
  if (documents.length === 0 && to.problems.length === 0) to.problem(1, 'it is empty');
  for (const [index, document] of documents.entries()) {
    version = textField(document, 'lockfileVersion') ?? '';
    if (!KNOWN.test(version)) {
      const line = lines.ofKeys(0).get('lockfileVersion') ?? 1;
      const found = version === '' ? 'no lockfileVersion' : `lockfileVersion ${quote(version)}`;
      to.problem(line, `it has ${found}; 6.0 and 9.0 are known`);
      continue;
    }
    const packages = new Map<string, LockedPackage>();
    const words = new PnpmWords(document);
    for (const [key, entry] of Object.entries(mappingField(document, 'packages'))) {
      const line = keys.get(key) ?? 1;
      const added = isMapping(entry)
        ? readEntry({ key, line, entry, claim: words.of(key, entry) }, to)
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
  const { name = '', rest = '' } = splitSpec(key.replace(/^\//, '').replace(/\(.*$/s, '')) ?? {};
  const isLocked = /^\d/.test(rest);
  return {
    name: textField(entry, 'name') ?? (/^(?:@[^/@:]+\/)?[^/@:]+$/.test(name) ? name : ''),
    version: textField(entry, 'version') ?? (isLocked ? rest : ''),
    isLocked,
  };
}

function repositoryOf(resolution: Mapping): PackageSource {
  const url = textField(resolution, 'repo') ?? '';
  const folder = textField(resolution, 'path');
  const { commit } = gitSource(`#${textField(resolution, 'commit') ?? ''}`);
  return {
    type: 'git',
    url,
    ...(commit !== undefined && { commit }),
    ...(folder !== undefined && { folder }),
  };
}

function sourceOf(resolution: Mapping, isLocked: boolean): PackageSource | undefined {
  const type = textField(resolution, 'type');
  const tarball = textField(resolution, 'tarball');
  if (type === 'git') return repositoryOf(resolution);
  if (type === 'directory')
    return { type: 'folder', path: textField(resolution, 'directory') ?? '' };
  if (type !== undefined && type !== 'tarball') return undefined;
  if (tarball === undefined)
    return textField(resolution, 'integrity') === undefined ? undefined : { type: 'registry' };
  if (tarball.startsWith('file:')) {
    const path = tarball.slice('file:'.length);
    return { type: isArchivePath(path) ? 'file' : 'folder', path };
  }
  if (isHttp(tarball)) return { type: isLocked ? 'registry' : 'url', url: tarball };
  return isGitSpec(tarball) ? gitSource(tarball) : undefined;
}
