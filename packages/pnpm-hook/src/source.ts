/* From pnpm's many ways to say where a package comes from to the few that differ for a guard. */
import { isAbsolute, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collisionFree, tarballUrl, type NetworkSettings, type Subject } from '@tarwarden/host';
import { HookError } from './messages.ts';
import { bareKey, LockfileGraph } from './lockfile-graph.ts';
import type { Lockfile, LockfilePackage, Resolution } from './pnpm-shapes.ts';
import { isKnownRuntime, type Mirrors } from './runtimes.ts';

interface Common {
  /** As the user knows it: `name@version`, or the specifier. Hostile: escape before printing. */
  readonly id: string;
  /** Set where a registry vouches for the identity. */
  readonly expected?: { readonly name: string; readonly version: string };
  readonly integrity?: string;
}

export type Source =
  | (Common & { readonly kind: 'download'; readonly url: string })
  | (Common & { readonly kind: 'file'; readonly path: string })
  | (Common & {
      readonly kind: 'git';
      readonly repo: string;
      readonly commit: string;
      readonly folder?: string;
    });

/** Where the bytes are, in one line. May hold credentials: redact before printing. */
function placeOf(source: Source): string {
  if (source.kind === 'download') return source.url;
  return source.kind === 'file' ? `file:${source.path}` : `${source.repo}#${source.commit}`;
}

/** As it is named in a refusal. */
export function subjectOf(source: Source): Subject {
  return { label: source.id, source: placeOf(source) };
}

/** The same for what is inspected only once: where it is, and whose identity it has to have. */
export function nameOf(source: Source): string {
  return JSON.stringify([placeOf(source), source.expected]);
}

/** Under which the integrity of a commit's archive is remembered. */
export function linkName(source: Source & { kind: 'git' }): string {
  return `git:${JSON.stringify([source.commit, source.folder ?? ''])}`;
}

export interface Identity {
  readonly id: string;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

export interface Place {
  readonly settings: NetworkSettings;
  readonly lockfileDir: string;
  /** Where the user's own configuration has Node come from. */
  readonly mirrors?: Mirrors;
}

/**
 * Undefined for what is neither a tarball nor a git repository: folders of the user's own machine, and the runtimes that pnpm
 * provides.
 * @throws HookError for a kind of resolution that this release does not know, and for what only says that it is these.
 */
export function sourceOf(
  { id, name, version }: Identity,
  resolution: Resolution,
  { settings, lockfileDir, mirrors }: Place,
): Source | undefined {
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
  const known = { id, ...(integrity !== undefined && { integrity }) };
  if (tarball?.startsWith('file:') === true)
    return { kind: 'file', ...known, path: localPath(tarball, lockfileDir) };
  const registered = name !== undefined && version !== undefined && isVersion(version);
  const url = tarball ?? (registered ? tarballUrl(name, version, settings) : undefined);
  if (url === undefined) throw unknown(id, 'a resolution without a URL, and no registry for it');
  const vouched = registered && resolution.gitHosted !== true && id === `${name}@${version}`;
  return { kind: 'download', ...known, url, ...(vouched && { expected: { name, version } }) };
}

/** From a registry, by an integrity: no pnpm has such a package by another way than its fetcher, or its store. */
export function isPublished({ kind, expected, integrity }: Source): boolean {
  return kind === 'download' && expected !== undefined && collisionFree(integrity) !== undefined;
}

export interface LockedSource {
  readonly source: Source;
  readonly optional: boolean;
  /** Whether the lockfile calls it optional anywhere, which pnpm believes when it could not be fetched. */
  readonly forgiven: boolean;
  readonly locked: LockfilePackage;
}

/** Every tarball and git repository that a lockfile names. */
export function lockedSources(lockfile: Lockfile, place: Place): LockedSource[] {
  const { packages = {}, snapshots = {} } = lockfile;
  const graph = new LockfileGraph(lockfile);
  const optional = new Map<string, boolean>();
  const forgiven = new Set<string>();
  for (const [key, node] of [...Object.entries(packages), ...Object.entries(snapshots)]) {
    const id = bareKey(key);
    optional.set(id, (optional.get(id) ?? true) && graph.isOptional(key));
    if (node.optional === true) forgiven.add(id);
  }
  const found: LockedSource[] = [];
  for (const [key, locked] of Object.entries(packages)) {
    const id = bareKey(key);
    const resolution = locked.resolution ?? {};
    const source = sourceOf(identityOf(id), resolution, place);
    if (source !== undefined) {
      const isOptional = optional.get(id) ?? false;
      found.push({ source, optional: isOptional, forgiven: forgiven.has(id), locked });
    } else if (resolution.type === 'directory' && isOutside(resolution.directory ?? '')) {
      // A project may name a folder beside itself. A package from elsewhere may not. The lockfile that `pnpm deploy` makes
      // lists every project of the workspace, also those that the deployed one does not need: pnpm installs none of these.
      if (graph.isNeeded(key) && !graph.isDirect(key))
        throw unknown(id, 'a folder outside the project');
    }
  }
  return found;
}

function isOutside(directory: string): boolean {
  return isAbsolute(directory) || normalize(directory).split(/[\\/]/)[0] === '..';
}

/**
 * A folder is what its key says: under another key, a registry's package would come from a folder. `pnpm deploy` has the
 * whole path in the key. pnpm cuts a key at parentheses, where it has the peers, also those of a folder's name.
 */
function isNamedFolder(
  version: string | undefined,
  directory: string | undefined,
  lockfileDir: string,
): boolean {
  if (directory === undefined || version?.startsWith('file:') !== true) return false;
  const named = localPath(version, lockfileDir);
  return [directory, bareKey(normalize(directory))].some(
    (folder) => named === resolve(lockfileDir, folder),
  );
}

/** Of `name@version`, as lockfiles and `canFetch` name what comes from a registry. */
export function identityOf(id: string): Identity {
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

function unknown(id: string, what: string): HookError {
  return new HookError('NOT_INSPECTED', `${id} has ${what}, which this release cannot inspect`);
}
