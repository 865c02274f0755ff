/* Turns pnpm's many descriptions of a package's source into three kinds: a download, a file, a git commit. */
import { normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pnpmLockedClaim, removesPackages, type NpmClaim } from '@tarwarden/core/metadata';
import {
  collisionFree,
  sourceKey,
  tarballUrl,
  type NetworkSettings,
  type Subject,
} from '@tarwarden/guard';
import { type HookError, notInspectedError } from './messages.ts';
import { bareKey, LockfileGraph } from './project/lockfile-graph.ts';
import type {
  LockfileEdges,
  PnpmLockfile,
  LockfilePackage,
  PnpmResolution,
} from './pnpm-shapes.ts';
import { isKnownRuntime, type Mirrors } from './settings/runtimes.ts';

interface SourceIdentity {
  /** The user's name for the package: `name@version`, or the specifier. It may be hostile: escape it before printing. */
  readonly id: string;
  /** Set if a registry confirms the identity. */
  readonly expected?: { readonly name: string; readonly version: string };
  readonly integrity?: string;
  /** The words of the registry's document or the lockfile about the package. */
  readonly claim?: NpmClaim;
}

export type PnpmSource =
  | (SourceIdentity & {
      readonly kind: 'download';
      readonly url: string;
      /** The folder of the package, in an archive that a git host has packed. */
      readonly folder?: string;
    })
  | (SourceIdentity & { readonly kind: 'file'; readonly path: string })
  | (SourceIdentity & {
      readonly kind: 'git';
      readonly repo: string;
      readonly commit: string;
      readonly folder?: string;
    });

/** The name of a source in a refusal. It may hold credentials, so redact it before printing. */
export function pnpmSubject(source: PnpmSource): Subject {
  const folder = folderOf(source);
  const location = source.kind === 'git' ? `${source.repo}#${source.commit}` : locationOf(source);
  return {
    label: source.id,
    source: folder === undefined ? location : `${location} (folder ${folder})`,
    expected: source.expected,
    ...(source.claim && { claims: [source.claim] }),
  };
}

/** The key of a source. All hooks of this process share the inspection with this key. */
export function inspectionKey(source: PnpmSource): string {
  return sourceKey('npm', {
    location: locationOf(source),
    commit: source.kind === 'git' ? source.commit : undefined,
    folder: folderOf(source),
    integrity: source.integrity,
    fileName: undefined,
    // A commit and a tarball can have the same URL.
    format: source.kind,
    expected: source.expected,
  });
}

function locationOf(source: PnpmSource): string {
  if (source.kind === 'download') return source.url;
  return source.kind === 'file' ? `file:${source.path}` : source.repo;
}

function folderOf(source: PnpmSource): string | undefined {
  return source.kind === 'file' ? undefined : source.folder;
}

/** The name under which the integrity of a commit's archive is remembered. The commit id identifies the content. */
export function commitKey(source: PnpmSource & { kind: 'git' }): string {
  return `git:${JSON.stringify([source.commit, source.folder ?? ''])}`;
}

export interface PackageId {
  readonly id: string;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

export interface LockfileContext {
  readonly settings: NetworkSettings;
  readonly lockfileDir: string;
  /** The mirrors of Node in pnpm's settings. */
  readonly mirrors?: Mirrors;
  /** Whether other hooks may remove dependencies from what pnpm knows of a package. */
  readonly isReshaped?: boolean;
}

/**
 * The source of a resolution. Undefined for a folder of the user's own machine, and for a runtime that pnpm provides.
 * @throws HookError for a resolution that this release does not know, or that only claims to be a folder or runtime.
 */
export function pnpmSource(
  { id, name, version }: PackageId,
  resolution: PnpmResolution,
  { settings, lockfileDir, mirrors }: LockfileContext,
): PnpmSource | undefined {
  const { type, tarball, integrity, repo, commit, path, directory } = resolution;
  for (const field of [type, tarball, integrity, repo, commit, path, directory])
    if (field !== undefined && field !== null && typeof field !== 'string')
      throw unknown(id, 'a resolution that pnpm does not write');
  if (type === 'git') {
    if (repo === undefined || commit === undefined) throw unknown(id, 'git without a commit');
    return { kind: 'git', id, repo, commit, ...(path !== undefined && { folder: path }) };
  }
  if (type !== undefined && type !== 'tarball') {
    if (type === 'directory' && isNamedFolder(version, directory, lockfileDir)) return undefined;
    const runtime = type === 'binary' || type === 'variations';
    if (runtime && isKnownRuntime(id, resolution, mirrors)) return undefined;
    throw unknown(id, `a resolution of type ${JSON.stringify(type)}`);
  }
  const identity = { id, ...(integrity !== undefined && { integrity }) };
  if (tarball?.startsWith('file:') === true)
    return { kind: 'file', ...identity, path: localPath(tarball, lockfileDir) };
  const registered = name !== undefined && version !== undefined && isVersion(version);
  const url = tarball ?? (registered ? tarballUrl(name, version, settings) : undefined);
  if (url === undefined) throw unknown(id, 'a resolution without a URL, and no registry for it');
  const isRepository = isGitHosted(resolution);
  const vouched = registered && !isRepository && id === `${name}@${version}`;
  const folder = isRepository ? folderIn(id, path) : undefined;
  return {
    kind: 'download',
    ...identity,
    url,
    ...(vouched && { expected: { name, version } }),
    ...(folder !== undefined && { folder }),
  };
}

/**
 * Whether a git host makes the tarball from a commit. pnpm unpacks and repacks such a tarball. pnpm 10.34 and later mark it in the
 * lockfile; earlier versions recognise it by its URL.
 */
function isGitHosted({ gitHosted, tarball = '' }: PnpmResolution): boolean {
  return gitHosted === true || (GIT_HOSTS.test(tarball) && tarball.includes('tar.gz'));
}

const GIT_HOSTS = /^https:\/\/(?:codeload\.github\.com|bitbucket\.org|gitlab\.com)\//;

/** The folder of a package in a repository, as pnpm appends it to the folder of the unpacked repository. */
function folderIn(id: string, path: string | undefined): string | undefined {
  const parts = (path ?? '').split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw unknown(id, 'a folder outside its repository');
  return parts.length === 0 ? undefined : parts.join('/');
}

export function registrySource(
  { name, version }: { readonly name: string; readonly version: string },
  tarball: Pick<SourceIdentity, 'claim'> & {
    readonly url: string;
    readonly integrity: string | undefined;
  },
): PnpmSource & {
  readonly kind: 'download';
  readonly expected: { name: string; version: string };
} {
  const { url, integrity, claim } = tarball;
  return {
    kind: 'download',
    id: `${name}@${version}`,
    url,
    expected: { name, version },
    ...(integrity !== undefined && { integrity }),
    ...(claim && { claim }),
  };
}

/** Whether a source is a registry's package with an integrity. pnpm gets such a package only from its fetcher or its store. */
export function isPublished({ kind, expected, integrity }: PnpmSource): boolean {
  return kind === 'download' && expected !== undefined && collisionFree(integrity) !== undefined;
}

export interface LockedSource {
  readonly source: PnpmSource;
  readonly optional: boolean;
  /** Whether the lockfile calls it optional anywhere. pnpm believes that if the fetch fails. */
  readonly forgiven: boolean;
  /** Whether the lockfile calls it optional everywhere. pnpm 10 believes that if it is for another machine. */
  readonly calledOptional: boolean;
  readonly locked: LockfilePackage;
}

/** Every tarball and git repository that a lockfile names. */
export function lockedSources(lockfile: PnpmLockfile, context: LockfileContext): LockedSource[] {
  const { packages = {}, snapshots = {}, overrides } = lockfile;
  const isWhole = !removesPackages(overrides) && context.isReshaped !== true;
  const merged = merge(snapshots);
  const graph = new LockfileGraph(lockfile);
  const optional = new Map<string, boolean>();
  const forgiven = new Set<string>();
  for (const [key, node] of [...Object.entries(packages), ...Object.entries(snapshots)]) {
    const id = bareKey(key);
    optional.set(id, (optional.get(id) ?? true) && graph.isOptional(key));
    if (node.optional === true) forgiven.add(id);
  }
  // On pnpm 12 only the snapshots have this claim.
  const claims = Object.keys(snapshots).length > 0 ? snapshots : packages;
  const required = new Set(
    Object.keys(claims)
      .filter((key) => claims[key]?.optional !== true)
      .map(bareKey),
  );
  const sources: LockedSource[] = [];
  for (const [key, locked] of Object.entries(packages)) {
    const id = bareKey(key);
    const resolution = locked.resolution ?? {};
    const source = pnpmSource(identityOf(id), resolution, context);
    if (source !== undefined) {
      const isOptional = optional.get(id) ?? false;
      sources.push({
        // The entry is about a package of a registry, and not about one that pnpm itself packs.
        source:
          source.kind === 'download' && source.expected
            ? { ...source, claim: pnpmLockedClaim({ ...locked, ...merged.get(key) }, isWhole) }
            : source,
        optional: isOptional,
        forgiven: forgiven.has(id),
        calledOptional: forgiven.has(id) && !required.has(id),
        locked,
      });
    }
  }
  return sources;
}

/** The first snapshot of each package. Snapshots differ by their peers. */
function merge(snapshots: Readonly<Record<string, LockfileEdges>>): Map<string, LockfileEdges> {
  const firstSnapshots = new Map<string, LockfileEdges>();
  for (const [key, snapshot] of Object.entries(snapshots))
    if (!firstSnapshots.has(bareKey(key))) firstSnapshots.set(bareKey(key), snapshot);
  return firstSnapshots;
}

/**
 * Whether a resolution's folder is the one in its key. Otherwise a folder could replace a registry's package. `pnpm deploy` writes the
 * whole path into the key. pnpm cuts a key at parentheses, where peers begin, even if a folder's name contains them.
 */
function isNamedFolder(
  version: string | undefined,
  directory: string | undefined,
  lockfileDir: string,
): boolean {
  if (directory === undefined || version?.startsWith('file:') !== true) return false;
  const namedFolder = localPath(version, lockfileDir);
  return [directory, bareKey(normalize(directory))].some(
    (folder) => namedFolder === resolve(lockfileDir, folder),
  );
}

/** The identity in `name@version`, the form in lockfiles and in `canFetch`. */
export function identityOf(id: string): PackageId {
  const [, name, version] = /^(@?[^@]+)@(.+)$/s.exec(id) ?? [];
  return { id, name, version };
}

export function localPath(specifier: string, directory: string): string {
  if (specifier.startsWith('file:///')) return fileURLToPath(specifier);
  return resolve(directory, specifier.replace(/^file:/, ''));
}

function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/.test(text);
}

function unknown(id: string, problem: string): HookError {
  return notInspectedError(`${id} has ${problem}, which this release cannot inspect`);
}
