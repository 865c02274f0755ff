/* From pnpm's many ways to say where a package comes from to the few that differ for a guard. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collisionFree, tarballUrl, type NetworkSettings } from '@tarwarden/core/host';
import { HookError } from './messages.ts';
import type { Lockfile, LockfilePackage, Resolution } from './pnpm-shapes.ts';

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
export function placeOf(source: Source): string {
  if (source.kind === 'download') return source.url;
  return source.kind === 'file' ? `file:${source.path}` : `${source.repo}#${source.commit}`;
}

/** The same for what is judged but once: where it is, and whose identity it has to have. */
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
}

/** Never a tarball: folders of the user's own machine, links in the workspace, and Node itself. */
const NO_TARBALL = new Set(['directory', 'binary', 'variations']);

/**
 * Undefined for what is no tarball and no git repository.
 * @throws HookError for a kind of resolution that this release does not know.
 */
export function sourceOf(
  { id, name, version }: Identity,
  resolution: Resolution,
  { settings, lockfileDir }: Place,
): Source | undefined {
  const { type, tarball, integrity, repo, commit, path } = resolution;
  if (type === 'git') {
    if (repo === undefined || commit === undefined) throw unknown(id, 'git without a commit');
    return { kind: 'git', id, repo, commit, ...(path !== undefined && { folder: path }) };
  }
  if (type !== undefined && type !== 'tarball') {
    if (NO_TARBALL.has(type)) return undefined;
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
  readonly locked: LockfilePackage;
}

/** Every tarball and git repository that a lockfile names. */
export function lockedSources(lockfile: Lockfile, place: Place): LockedSource[] {
  const { packages = {}, snapshots = {} } = lockfile;
  const regular = new Set<string>();
  for (const [key, { optional }] of Object.entries(snapshots))
    if (optional !== true) regular.add(bare(key));
  const found: LockedSource[] = [];
  for (const [key, locked] of Object.entries(packages)) {
    const id = bare(key);
    const source = sourceOf(identityOf(id), locked.resolution ?? {}, place);
    if (source === undefined) continue;
    const optional =
      locked.optional ?? (id in snapshots || key in snapshots ? !regular.has(id) : false);
    found.push({ source, optional, locked });
  }
  return found;
}

/** Of `name@version`, as lockfiles and `canFetch` name what comes from a registry. */
export function identityOf(id: string): Identity {
  const [, name, version] = /^(@?[^@]+)@(.+)$/s.exec(id) ?? [];
  return { id, name, version };
}

/** A lockfile's key without its peers and patch: `a@1.0.0(b@2.0.0)` is `a@1.0.0`. */
function bare(key: string): string {
  const end = key.indexOf('(');
  return end === -1 ? key : key.slice(0, end);
}

export function localPath(specifier: string, directory: string): string {
  if (specifier.startsWith('file:///')) return fileURLToPath(specifier);
  return resolve(directory, specifier.replace(/^file:/, ''));
}

function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/.test(text);
}

function unknown(id: string, what: string): HookError {
  return new HookError('NOT_INSPECTED', `${id} has ${what}, which this release cannot judge`);
}
