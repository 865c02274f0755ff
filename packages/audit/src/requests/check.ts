/* Compares the packages in a lockfile with the requests of the project. */
import { satisfies, valid, validRange } from 'semver';
import { quote } from '@tarwarden/core/text';
import type {
  LockedPackage,
  Lockfile,
  LockedResolution,
  LockfileKind,
} from '@tarwarden/clients/lockfiles';
import type { Check } from '../result.ts';
import type { ProjectRequests } from './load.ts';
import { posix } from 'node:path';

/** Characters of a range. semver itself takes no longer one. */
const RANGE_CHARS_MAX = 256;

type RequestedPackage =
  /** A package of a registry. A tag has no range, and any version matches. */
  | { readonly type: 'registry'; readonly name: string; readonly range?: string }
  /** A part of the project: a workspace, a folder, or an archive. */
  | { readonly type: 'local' };

/** Undefined for an address, a git repository or a patch. */
export function requestedPackage(
  name: string,
  text: string,
  kind: LockfileKind,
): RequestedPackage | undefined {
  const spec = text.trim();
  if (spec.length > RANGE_CHARS_MAX) return undefined;
  // Yarn 1 does not know this protocol, and asks the registry.
  if (kind === 'yarn-classic' && spec.startsWith('workspace:')) return undefined;
  if (/^(?:workspace|link|portal|file):/.test(spec)) return { type: 'local' };
  if (!spec.startsWith('npm:')) return registryAsk(name, spec);
  const rest = spec.slice('npm:'.length);
  const [, other, range] = /^((?:@[^/@]+\/)?[^/@]+)@(?:npm:)?(.+)$/s.exec(rest) ?? [];
  if (other !== undefined && range !== undefined) return registryAsk(other, range);
  // For Yarn 2 and newer, the rest is a tag. For others, it is the name of a package.
  if (kind === 'yarn-berry' || validRange(rest, LOOSE) !== null) return registryAsk(name, rest);
  return { type: 'registry', name: rest };
}

const LOOSE = { loose: true };

function registryAsk(name: string, spec: string): RequestedPackage | undefined {
  if (validRange(spec, LOOSE) !== null) return { type: 'registry', name, range: spec };
  return /^[a-z][\w.-]*$/i.test(spec) ? { type: 'registry', name } : undefined;
}

/** A request for which the lockfile has a wrong package, or none. */
export interface RequestCheck {
  readonly check: Check;
  /** The line of the lockfile. */
  readonly line: number;
  /** The package in the lockfile. Undefined if there is none. */
  readonly to?: LockedPackage;
  /** The requested name. */
  readonly name: string;
}

export function requestChecks(lockfile: Lockfile, requests: ProjectRequests): RequestCheck[] {
  const { kind, resolutions } = lockfile;
  const checkOf = (
    { name, line, to }: LockedResolution,
    range: string,
    by: string,
  ): RequestCheck[] => {
    if (requests.overridden.has(name)) return [];
    const ask = requestedPackage(name, range, kind);
    const wrong = ask === undefined ? undefined : deviationOf(to, { name, ask, requests });
    if (wrong === undefined) return [];
    const message = `${by} asks for ${quote(`${name}@${range}`)}: ${wrong.what}`;
    return [{ check: { ...wrong.how, message }, line, to, name }];
  };
  const found = resolutions.flatMap((resolution) => {
    // A lockfile without a project is compared with the ranges that it contains. Those in a Yarn lockfile always count.
    const { importer, range } = resolution;
    const isHeld = importer === undefined || !requests.importers.has(importer);
    return range === undefined || !isHeld ? [] : checkOf(resolution, range, 'the lockfile');
  });
  const find = finderFor(lockfile);
  const importers = new Set(lockfile.importers);
  for (const [importer, dependencies] of requests.importers) {
    if (kind !== 'yarn-classic' && !importers.has(importer)) continue;
    const by = importer === '' ? 'package.json' : quote(`${importer}/package.json`);
    for (const [name, range] of dependencies) {
      const given = find(importer, name, range);
      if (given === undefined) found.push(...missing(name, range, { by, lockfile, requests }));
      for (const resolution of given ?? [])
        if (resolution.importer !== undefined) found.push(...checkOf(resolution, range, by));
    }
  }
  return found;
}

type Deviation = { readonly how: Omit<Check, 'message'>; readonly what: string } | undefined;

interface ResolutionRequest {
  readonly name: string;
  readonly ask: RequestedPackage;
  readonly requests: ProjectRequests;
}

const OTHER_PACKAGE = { id: 'other-package', level: 'error' } as const;
const OTHER_SOURCE = { id: 'not-as-asked', level: 'error' } as const;
const OTHER_VERSION = { id: 'not-as-asked', level: 'warning' } as const;

const WORDS = { registry: 'a registry', url: 'an address', git: 'git', file: 'a file' } as const;

function deviationOf(to: LockedPackage, { name, ask, requests }: ResolutionRequest): Deviation {
  const { source, version } = to;
  switch (source.type) {
    case 'patch':
    case 'bundled':
      return undefined;
    case 'workspace':
    case 'folder': {
      if (ask.type === 'local' || to.name === '' || isPackageOf(name, to, requests))
        return undefined;
      return {
        how: OTHER_SOURCE,
        what: `the lockfile has the folder ${quote(source.path)} for it`,
      };
    }
    case 'file':
      if (ask.type === 'local' || requests.hasOfflineMirror) return undefined;
      return { how: OTHER_SOURCE, what: 'the lockfile has a file for it' };
    default: {
      if (ask.type === 'local' || source.type !== 'registry')
        return { how: OTHER_SOURCE, what: `the lockfile has it from ${WORDS[source.type]}` };
      if (to.name !== '' && to.name !== ask.name)
        return { how: OTHER_PACKAGE, what: `the lockfile has ${quote(to.name)} for it` };
      if (ask.range === undefined || valid(version) === null || isIn(version, ask.range))
        return undefined;
      return {
        how: OTHER_VERSION,
        what: `the lockfile has ${quote(version)}, which is not in this range`,
      };
    }
  }
}

function isIn(version: string, range: string): boolean {
  return satisfies(version, range, { loose: true, includePrerelease: true });
}

/** Whether a folder is a package of the project with this name. Managers take it for the package of a registry. */
function isPackageOf(name: string, { source }: LockedPackage, requests: ProjectRequests): boolean {
  const path = 'path' in source ? source.path : '';
  return requests.nameOf(path === '.' ? '' : path) === name;
}

/** A request to a registry without an entry in the lockfile: the installed package is not pinned. */
function missing(
  name: string,
  range: string,
  about: { readonly by: string; readonly lockfile: Lockfile; readonly requests: ProjectRequests },
): RequestCheck[] {
  const { by, lockfile, requests } = about;
  if (requests.overridden.has(name) || isWorkspace(name, requests)) return [];
  if (requestedPackage(name, range, lockfile.kind)?.type !== 'registry') return [];
  const message = `${by} asks for ${quote(`${name}@${range}`)}, for which the lockfile has nothing`;
  return [{ check: { ...OTHER_VERSION, message }, line: 1, name }];
}

/** Managers take a package of the project in place of one from a registry. */
function isWorkspace(name: string, requests: ProjectRequests): boolean {
  return requests.names.has(name) || requests.hasOthers;
}

/** Undefined if there is none. */
type ResolutionFinder = (
  importer: string,
  name: string,
  range: string,
) => readonly LockedResolution[] | undefined;

function finderFor({ kind, resolutions }: Lockfile): ResolutionFinder {
  const all = new Map<string, LockedResolution[]>();
  for (const resolution of resolutions) {
    const { importer, name, range } = resolution;
    const key = resolutionKey(importer, importer === undefined ? range : undefined, name);
    const found = all.get(key);
    if (found === undefined) all.set(key, [resolution]);
    else found.push(resolution);
  }
  switch (kind) {
    case 'yarn-classic':
      return (_, name, range) => all.get(resolutionKey(undefined, range, name));
    case 'yarn-berry':
      // A range without a protocol means `npm:`.
      return (_, name, range) =>
        all.get(resolutionKey(undefined, range, name)) ??
        all.get(resolutionKey(undefined, `npm:${range}`, name));
    case 'pnpm-lock':
      return (importer, name) => all.get(resolutionKey(importer, undefined, name));
    default:
      return (importer, name) => {
        for (let at = importer; ; at = posix.dirname(at)) {
          const found = all.get(resolutionKey(at === '.' ? '' : at, undefined, name));
          if (found !== undefined || at === '' || at === '.' || at === '/') return found;
        }
      };
  }
}

function resolutionKey(
  importer: string | undefined,
  range: string | undefined,
  name: string,
): string {
  return JSON.stringify([importer ?? null, range ?? null, name]);
}
