/* Finds and reads all policies that count for a project, and merges them into one. */

import { basename, dirname, join } from 'node:path';
import { TarwardenError, type Policy } from '@tarwarden/core';
import {
  dayOf,
  hasExpired,
  heldPreset,
  JsonSyntaxError,
  parseJson,
  type GitDependencies,
  type JsonDocument,
  loosenings,
  mergeGitDependencies,
  mergePolicy,
  stricterOf,
  parsePolicy,
  pathText,
  type PolicyProblem,
  type PolicyFile,
} from '@tarwarden/core/policy';
import { printable, printablePath } from '@tarwarden/core/text';
import type { Environment } from '../verdict-store/cache-directory.ts';
import { approvedHashes } from './approvals.ts';
import { manifestPolicy, POLICY_FILE } from './policy-places.ts';
import { PolicyTrust, refuseForeignUserFile, refusePlantedFile } from './policy-trust.ts';
import { mayBePlanted } from '../verdict-store/committed.ts';
import { readTextFile, type TextFile } from './text-file.ts';
import { userConfigFolder, userPolicyPath } from './user-policy.ts';

export interface LoadPolicyOptions {
  /** The folder from which the repository's policy file is searched, up to the project's root. If absent, only the user's own counts. */
  readonly cwd?: string | undefined;
  /** Environment variables, as in `process.env`. They locate the user's configuration. */
  readonly env: Environment;
  /** A file in place of the user's own policy file, named by the user. It must exist. */
  readonly userFile?: string | undefined;
  /** The day that exceptions are compared with, `YYYY-MM-DD`, UTC; today by default. */
  readonly today?: string;
  readonly platform?: NodeJS.Platform;
  /** Policies in the configuration files of managers, in any order. */
  readonly settings?: readonly PolicySettings[];
}

/**
 * A policy in the configuration of a package manager. It counts as the user's own policy or as a repository's policy, like its file.
 */
export interface PolicySettings {
  /** The configuration file, for messages. */
  readonly origin: string;
  /** Whether the file is the user's own, which may loosen, or a repository's. */
  readonly own: boolean;
  /** The policy itself, by the schema of `tarwarden.json`; or `file`, the absolute path of one that must exist. */
  readonly value?: unknown;
  readonly file?: string;
}

export interface LoadedPolicy {
  readonly policy: Policy;
  /** Absolute paths of the files that were read: the user's, the repository's. */
  readonly files: readonly string[];
  /** Packages whose install scripts may use the network, from the user's own file. Expired grants are left out. */
  readonly scriptNetwork: readonly string[];
  /** Commits that an audit accepts without an inspection, and those that the repository proposes. */
  readonly gitDependencies: GitDependencies;
  /** Warnings for people, such as expired exceptions. One line each, safe for a terminal. */
  readonly warnings: readonly string[];
}

/** The most problems of one policy file that an error lists. */
const MAX_PROBLEMS = 20;

interface PolicyJson {
  readonly path: string;
  readonly document: JsonDocument;
  /** The key path of the policy in its file; empty if the file contains only the policy. */
  readonly under: readonly string[];
}

/**
 * Reads the policy files of the user and the repository, and merges them. Throws `POLICY_INVALID` if a file breaks the schema, is not
 * JSON, or loosens a setting that it may not loosen; `POLICY_UNREADABLE` if a file exists and cannot be read; `POLICY_UNTRUSTED` if
 * anybody but this user and root can write it.
 */
export function loadPolicy(options: LoadPolicyOptions): LoadedPolicy {
  const today = options.today ?? dayOf(Date.now());
  const all: ReadPolicy[] = [];
  const add = (found: PolicyJson | undefined, own: boolean, isSetting = false): void => {
    if (found === undefined) return;
    const file = parse(found);
    if (!own) refuseLoosening(found, file);
    else if (isSetting) refuseModeOutside(found, file, userPath);
    all.push({ found, own, file });
  };
  const { userFile } = options;
  const userPath = userFile ?? userPolicyPath(options.env, options.platform);
  const own = userConfigFolder(options.env, options.platform);
  const cwd = options.cwd ?? process.cwd();
  add(
    openPolicy(userPath, { follow: true }, (file) => {
      refuseForeignUserFile(userPath, file, userFile !== undefined);
      if (userFile === undefined) refusePlantedFile(userPath, own, cwd);
    }),
    true,
  );
  if (userFile !== undefined && all.length === 0)
    throw new TarwardenError('POLICY_UNREADABLE', `${printablePath(userFile)} does not exist`);
  const trust = new PolicyTrust(options.cwd, {
    userPath,
    projects: all[0]?.file.trustedProjects ?? [],
    exists: all.length > 0,
  });
  add(findRepositoryPolicy(trust), false);
  const passedOver: string[] = [];
  for (const given of options.settings ?? []) {
    // If HOME is the checkout, the client reports one file as the project's and as the user's own.
    const isOwn = given.own && !mayBePlanted(dirname(given.origin), cwd);
    const settings = { ...given, own: isOwn };
    if (trust.mayHold(settings)) add(openSettings(settings, trust), isOwn, true);
    else passedOver.push(aboveTheRoot(settings, trust));
  }
  const { env, platform } = options;
  const filesOf = (own: boolean): PolicyFile[] =>
    all.filter((part) => part.own === own).map((part) => part.file);
  const isAsked = filesOf(false).some(
    ({ exceptions = [], gitDependencies = [] }) => exceptions.length + gitDependencies.length > 0,
  );
  const [user, repository] = [filesOf(true), filesOf(false)];
  const approved = isAsked ? approvedHashes({ env, cwd, platform }) : undefined;
  const presets = all
    .toSorted((left, right) => Number(right.own) - Number(left.own))
    .flatMap(({ file, found, own }) => {
      const setBy = own ? 'user' : 'repository';
      return heldPreset(file, { setBy, file: basename(found.path) }) ?? [];
    });
  const first = all.find((part) => part.own);
  return {
    policy: mergePolicy(
      { user: stricterOf(user), repository: stricterOf(repository), approved, presets },
      today,
    ),
    gitDependencies: mergeGitDependencies({ user, repository, approved }, today),
    files: all.map((part) => part.found.path),
    scriptNetwork: (first?.file.scriptNetwork ?? [])
      .filter((grant) => !hasExpired(grant, today))
      .map((grant) => grant.package),
    warnings: [
      ...passedOver,
      ...all.flatMap((part) => expiryWarnings(part.found, part.file, today)),
    ],
  };
}

interface ReadPolicy {
  readonly found: PolicyJson;
  readonly own: boolean;
  readonly file: PolicyFile;
}

function aboveTheRoot(settings: PolicySettings, trust: PolicyTrust): string {
  const root = printablePath(trust.root ?? '');
  return `${printablePath(settings.origin)} lies above the root of the project (${root}): its policy does not count`;
}

function openSettings(settings: PolicySettings, trust: PolicyTrust): PolicyJson {
  trust.check(settings.origin, settings.own);
  if (settings.file === undefined) {
    const document = parseText(settings.origin, JSON.stringify(settings.value ?? {}, null, 2));
    return { path: settings.origin, document, under: [] };
  }
  const path = settings.file;
  trust.checkNamed(settings, path);
  const found = openPolicy(path, { follow: false }, (file) =>
    trust.checkOpened(path, file.stat, settings.own),
  );
  if (found !== undefined) return found;
  const problem = `${printablePath(path)}, which ${printablePath(settings.origin)} names, does not exist`;
  throw new TarwardenError('POLICY_UNREADABLE', problem);
}

/** The nearest policy in the folders of the project. */
function findRepositoryPolicy(trust: PolicyTrust): PolicyJson | undefined {
  for (const folder of trust.folders) {
    const found = policyIn(folder, trust);
    if (found !== undefined) return found;
  }
  return undefined;
}

function policyIn(folder: string, trust: PolicyTrust): PolicyJson | undefined {
  const path = join(folder, POLICY_FILE);
  const alone = openPolicy(path, { follow: false }, ({ stat }) => trust.checkOpened(path, stat));
  const manifest = openManifest(join(folder, 'package.json'), trust);
  if (alone !== undefined && manifest !== undefined) {
    throw new TarwardenError(
      'POLICY_INVALID',
      `${printablePath(alone.path)} and the "tarwarden" field of package.json beside it are both there; keep one`,
    );
  }
  return alone ?? manifest;
}

function openPolicy(
  path: string,
  options: { follow: boolean },
  check: (file: TextFile) => void,
): PolicyJson | undefined {
  const file = readTextFile(path, options);
  if (file === undefined) return undefined;
  check(file);
  return { path, document: parseText(path, file.text), under: [] };
}

/** A package.json with a `tarwarden` field. */
function openManifest(path: string, trust: PolicyTrust): PolicyJson | undefined {
  if (manifestPolicy(path) === undefined) return undefined;
  // Read it again: a policy file must be UTF-8 and no link.
  const file = readTextFile(path, { follow: false });
  if (file === undefined) return undefined;
  trust.checkOpened(path, file.stat);
  return { path, document: parseText(path, file.text), under: ['tarwarden'] };
}

function parseText(path: string, text: string): JsonDocument {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw invalid(path, [{ place: error.place, message: error.message }], error);
  }
}

function parse(found: PolicyJson): PolicyFile {
  const result = parsePolicy(found.document, found.under);
  if (result.ok) return result.file;
  throw invalid(found.path, result.problems);
}

function refuseLoosening(found: PolicyJson, file: PolicyFile): void {
  const problems = loosenings(file).map(({ path, message }) => ({
    place: found.document.place([...found.under, ...path]),
    message: `${pathText(path)} ${message}`,
  }));
  if (problems.length > 0) throw invalid(found.path, problems);
}

/** Only the user's own file may switch refusals off, so that people have one file to check. */
function refuseModeOutside(found: PolicyJson, { mode }: PolicyFile, userPath: string): void {
  if (mode !== 'report') return;
  const place = found.document.place([...found.under, 'mode']);
  const message = `mode "report" counts in ${printablePath(userPath)} alone`;
  throw invalid(found.path, [{ place, message }]);
}

function invalid(
  path: string,
  problems: readonly PolicyProblem[],
  cause?: unknown,
): TarwardenError {
  const lines = problems
    .slice(0, MAX_PROBLEMS)
    .map(
      ({ place, message }) => `${printablePath(path)}:${place.line}:${place.column}: ${message}`,
    );
  if (problems.length > MAX_PROBLEMS) lines.push(`and ${problems.length - MAX_PROBLEMS} more`);
  return new TarwardenError('POLICY_INVALID', lines.join('\n'), { cause });
}

function expiryWarnings(found: PolicyJson, file: PolicyFile | undefined, today: string): string[] {
  const dated = [
    ...(file?.exceptions ?? []).map((exception, index) => {
      const what = `the exception for ${printable(exception.package)} (${exception.rule})`;
      return { ...exception, what, path: ['exceptions', index] };
    }),
    ...(file?.gitDependencies ?? []).map((dependency, index) => {
      const what = `the acceptance of the git dependency ${printable(dependency.package)}`;
      return { ...dependency, what, path: ['gitDependencies', index] };
    }),
    ...(file?.scriptNetwork ?? []).map((grant, index) => {
      const what = `the network for ${grant.package}`;
      return { ...grant, what, path: ['scriptNetwork', index] };
    }),
  ];
  return dated
    .filter((entry) => hasExpired(entry, today))
    .map(({ what, path, expires }) => {
      const { line, column } = found.document.place([...found.under, ...path]);
      return `${printablePath(found.path)}:${line}:${column}: ${what} expired on ${expires} and no longer holds`;
    });
}
