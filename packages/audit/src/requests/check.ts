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
  const target = spec.slice('npm:'.length);
  const [, aliasedName, range] = /^((?:@[^/@]+\/)?[^/@]+)@(?:npm:)?(.+)$/s.exec(target) ?? [];
  if (aliasedName !== undefined && range !== undefined) return registryAsk(aliasedName, range);
  // For Yarn 2 and newer, the rest is a tag. For others, it is the name of a package.
  if (kind === 'yarn-berry' || validRange(target, LOOSE) !== null) return registryAsk(name, target);
  return { type: 'registry', name: target };
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
    const requested = requestedPackage(name, range, kind);
    const wrong =
      requested === undefined ? undefined : deviationOf(to, { name, requested, requests });
    if (wrong === undefined) return [];
    const message = `${by} asks for ${quote(`${name}@${range}`)}: ${wrong.problem}`;
    return [{ check: { ...wrong.checkKind, message }, line, to, name }];
  };
  const checks = resolutions.flatMap((resolution) => {
    // A lockfile without a project is compared with the ranges that it contains. Those in a Yarn lockfile always count.
    const { importer, range } = resolution;
    const isHeld = importer === undefined || !requests.importers.has(importer);
    return range === undefined || !isHeld ? [] : checkOf(resolution, range, 'the lockfile');
  });
  const findResolutions = finderFor(lockfile);
  const importers = new Set(lockfile.importers);
  for (const [importer, dependencies] of requests.importers) {
    if (kind !== 'yarn-classic' && !importers.has(importer)) continue;
    const by = importer === '' ? 'package.json' : quote(`${importer}/package.json`);
    for (const [name, range] of dependencies) {
      const matches = findResolutions(importer, name, range);
      if (matches === undefined) checks.push(...missing(name, range, { by, lockfile, requests }));
      for (const resolution of matches ?? [])
        if (resolution.importer !== undefined) checks.push(...checkOf(resolution, range, by));
    }
  }
  return checks;
}

type Deviation =
  | { readonly checkKind: Omit<Check, 'message'>; readonly problem: string }
  | undefined;

interface ResolutionRequest {
  readonly name: string;
  readonly requested: RequestedPackage;
  readonly requests: ProjectRequests;
}

const OTHER_PACKAGE = { id: 'other-package', level: 'error' } as const;
const OTHER_SOURCE = { id: 'not-as-asked', level: 'error' } as const;
const OTHER_VERSION = { id: 'not-as-asked', level: 'warning' } as const;

const WORDS = { registry: 'a registry', url: 'an address', git: 'git', file: 'a file' } as const;

function deviationOf(
  to: LockedPackage,
  { name, requested, requests }: ResolutionRequest,
): Deviation {
  const { source, version } = to;
  switch (source.type) {
    case 'patch':
    case 'bundled':
      return undefined;
    case 'workspace':
    case 'folder': {
      if (requested.type === 'local' || to.name === '' || isPackageOf(name, to, requests))
        return undefined;
      return {
        checkKind: OTHER_SOURCE,
        problem: `the lockfile has the folder ${quote(source.path)} for it`,
      };
    }
    case 'file':
      if (requested.type === 'local' || requests.hasOfflineMirror) return undefined;
      return { checkKind: OTHER_SOURCE, problem: 'the lockfile has a file for it' };
    default: {
      if (requested.type === 'local' || source.type !== 'registry')
        return {
          checkKind: OTHER_SOURCE,
          problem: `the lockfile has it from ${WORDS[source.type]}`,
        };
      if (to.name !== '' && to.name !== requested.name)
        return { checkKind: OTHER_PACKAGE, problem: `the lockfile has ${quote(to.name)} for it` };
      if (
        requested.range === undefined ||
        valid(version) === null ||
        isIn(version, requested.range)
      )
        return undefined;
      return {
        checkKind: OTHER_VERSION,
        problem: `the lockfile has ${quote(version)}, which is not in this range`,
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
  return requests.packageNameIn(path === '.' ? '' : path) === name;
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
  const byKey = new Map<string, LockedResolution[]>();
  for (const resolution of resolutions) {
    const { importer, name, range } = resolution;
    const key = resolutionKey(importer, importer === undefined ? range : undefined, name);
    const sameKey = byKey.get(key);
    if (sameKey === undefined) byKey.set(key, [resolution]);
    else sameKey.push(resolution);
  }
  switch (kind) {
    case 'yarn-classic':
      return (_, name, range) => byKey.get(resolutionKey(undefined, range, name));
    case 'yarn-berry':
      // A range without a protocol means `npm:`.
      return (_, name, range) =>
        byKey.get(resolutionKey(undefined, range, name)) ??
        byKey.get(resolutionKey(undefined, `npm:${range}`, name));
    case 'pnpm-lock':
      return (importer, name) => byKey.get(resolutionKey(importer, undefined, name));
    default:
      return (importer, name) => {
        for (let at = importer; ; at = posix.dirname(at)) {
          const matches = byKey.get(resolutionKey(at === '.' ? '' : at, undefined, name));
          if (matches !== undefined || at === '' || at === '.' || at === '/') return matches;
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
