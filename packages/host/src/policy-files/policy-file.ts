/* Finds and reads all policies that count for a project, and merges them into one. */

import { basename, dirname, join } from 'node:path';
import { TarwardenError, type Policy, type RuleId } from '@tarwarden/core';
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
  rulesWithoutExceptions,
  stricterOf,
  underMachine,
  parsePolicy,
  pathText,
  type PolicyProblem,
  type PolicyFile,
} from '@tarwarden/core/policy';
import { printable, printablePath } from '@tarwarden/core/text';
import type { Environment } from '../verdict-store/cache-directory.ts';
import { approvedHashes } from './approvals.ts';
import { machinePolicyPath, readMachinePolicy } from './machine-policy.ts';
import { manifestPolicy, POLICY_FILE } from './policy-places.ts';
import { PolicyTrust, refuseForeignUserFile, refusePlantedFile } from './policy-trust.ts';
import { mayBePlanted } from '../verdict-store/committed.ts';
import { readTextFile, type TextFile } from './text-file.ts';
import { userConfigFolder, userPolicyPath } from './user-policy.ts';

export interface LoadPolicyOptions {
  /** The folder from which the repository's policy file is searched, up to the project's root. If absent, only those of the machine and of the user count. */
  readonly cwd?: string | undefined;
  /** Environment variables, as in `process.env`. They locate the user's configuration. */
  readonly env: Environment;
  /** For tests: a file in place of the policy of the machine. */
  readonly machineFile?: string;
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
  /** Absolute paths of the files that were read: those of the machine, of the user and of the repository. */
  readonly files: readonly string[];
  /** The rules for which no exception of a user or a repository counts, because the policy of the machine makes them errors. */
  readonly withoutExceptions: ReadonlySet<RuleId>;
  /** Packages whose install scripts may use the network, by the machine's and the user's own file. Expired grants are left out. */
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

/** Where a policy comes from, which decides whether it may loosen. */
type PolicyKind = 'machine' | 'user' | 'project';

/** A policy file that counts. */
export interface PolicyFileInForce {
  readonly path: string;
  readonly kind: PolicyKind;
}

/**
 * Reads the policy files of the machine, the user and the repository, and merges them. Throws `POLICY_INVALID` if a file breaks the
 * schema, is not JSON, or loosens a setting that it may not loosen; `POLICY_UNREADABLE` if a file exists and cannot be read;
 * `POLICY_UNTRUSTED` if anybody but this user and root can write it, or anybody but root the machine's.
 */
export function loadPolicy(options: LoadPolicyOptions): LoadedPolicy {
  const today = options.today ?? dayOf(Date.now());
  const { all, passedOver } = readPolicies(options);
  const { env, platform, cwd = process.cwd() } = options;
  const filesOf = (kind: PolicyKind): PolicyFile[] =>
    all.filter((part) => part.kind === kind).map((part) => part.file);
  const [ofMachine, user, repository] = [filesOf('machine'), filesOf('user'), filesOf('project')];
  const [machine = {}] = ofMachine;
  const isAsked = repository.some(
    ({ exceptions = [], gitDependencies = [] }) => exceptions.length + gitDependencies.length > 0,
  );
  const approved = isAsked ? approvedHashes({ env, cwd, platform }) : undefined;
  const presets = KINDS.flatMap((kind) => all.filter((part) => part.kind === kind)).flatMap(
    ({ file, found, kind }) => {
      const setBy = kind === 'project' ? 'repository' : kind;
      return heldPreset(file, { setBy, file: basename(found.path) }) ?? [];
    },
  );
  const merged = { machine, user: stricterOf(user), repository: stricterOf(repository) };
  return {
    policy: mergePolicy({ ...merged, approved, presets }, today),
    gitDependencies: mergeGitDependencies(
      { machine: ofMachine, user, repository, approved },
      today,
    ),
    files: all.map((part) => part.found.path),
    withoutExceptions: rulesWithoutExceptions(machine),
    scriptNetwork: [machine, ...user.slice(0, 1)]
      .flatMap(({ scriptNetwork = [] }) => scriptNetwork)
      .filter((grant) => !hasExpired(grant, today))
      .map((grant) => grant.package),
    warnings: [
      ...passedOver,
      ...all.flatMap((part) => (part.kind === 'user' ? forbiddenWarnings(part, machine) : [])),
      ...all.flatMap((part) => expiryWarnings(part.found, part.file, today)),
    ],
  };
}

/**
 * The policy of one file alone, as a server has it that is given this file; the built-in policy if there is no file.
 * @throws the errors of {@link loadPolicy}.
 */
export function policyAlone(path: string): Policy {
  const found = openPolicy(path, { follow: true }, () => undefined);
  return mergePolicy({ user: found && parse(found) }, dayOf(Date.now()));
}

/** The policy files that count, in the order in which they are read. @throws the errors of {@link loadPolicy}. */
export function policyFilesInForce(options: LoadPolicyOptions): readonly PolicyFileInForce[] {
  return readPolicies(options).all.map(({ found: { path }, kind }) => ({ path, kind }));
}

const KINDS: readonly PolicyKind[] = ['machine', 'user', 'project'];

interface ReadPolicy {
  readonly found: PolicyJson;
  readonly kind: PolicyKind;
  readonly file: PolicyFile;
}

interface ReadPolicies {
  readonly all: readonly ReadPolicy[];
  /** A warning for each policy that does not count because of its place. */
  readonly passedOver: readonly string[];
}

function readPolicies(options: LoadPolicyOptions): ReadPolicies {
  const { userFile, platform, machineFile = machinePolicyPath(platform) } = options;
  const all: ReadPolicy[] = [];
  const add = (found: PolicyJson | undefined, kind: PolicyKind, isSetting = false): void => {
    if (found === undefined) return;
    const file = parse(found);
    if (kind === 'project') refuseLoosening(found, file);
    else if (isSetting) refuseModeOutside(found, file, userPath);
    all.push({ found, kind, file });
  };
  const userPath = userFile ?? userPolicyPath(options.env, platform);
  const own = userConfigFolder(options.env, platform);
  const cwd = options.cwd ?? process.cwd();
  const machine = readMachinePolicy(machineFile);
  if (machine !== undefined)
    add(
      { path: machineFile, document: parseText(machineFile, machine.text), under: [] },
      'machine',
    );
  const user = openPolicy(userPath, { follow: true }, (file) => {
    refuseForeignUserFile(userPath, file, userFile !== undefined);
    if (userFile === undefined) refusePlantedFile(userPath, own, cwd);
  });
  if (userFile !== undefined && user === undefined)
    throw new TarwardenError('POLICY_UNREADABLE', `${printablePath(userFile)} does not exist`);
  add(user, 'user');
  const trust = new PolicyTrust(options.cwd, {
    userPath,
    projects: all.flatMap(({ file }) => file.trustedProjects ?? []),
    exists: user !== undefined,
  });
  add(findRepositoryPolicy(trust), 'project');
  const passedOver: string[] = [];
  for (const given of options.settings ?? []) {
    // If HOME is the checkout, the client reports one file as the project's and as the user's own.
    const isOwn = given.own && !mayBePlanted(dirname(given.origin), cwd);
    const settings = { ...given, own: isOwn };
    if (trust.mayHold(settings))
      add(openSettings(settings, trust), isOwn ? 'user' : 'project', true);
    else passedOver.push(aboveTheRoot(settings, trust));
  }
  return { all, passedOver };
}

/** A line for each value of a user's own file that the policy of the machine forbids. */
function forbiddenWarnings({ found, file }: ReadPolicy, machine: PolicyFile): string[] {
  return underMachine(file, machine).forbidden.map(({ path, message }) => {
    const { line, column } = found.document.place([...found.under, ...path]);
    return `${printablePath(found.path)}:${line}:${column}: ${pathText(path)} does not count: by the policy of this machine, it ${message}`;
  });
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
