/* Reads all policies that count for a project, and merges them into one. */

import { basename } from 'node:path';
import type { Policy, RuleId } from '@tarwarden/core';
import {
  dayOf,
  hasExpired,
  heldPreset,
  type GitDependencies,
  mergeGitDependencies,
  mergePolicy,
  rulesWithoutExceptions,
  stricterOf,
  underMachine,
  pathText,
  type PolicyFile,
} from '@tarwarden/core/policy';
import { printable, printablePath } from '@tarwarden/core/text';
import { approvedHashes } from './approvals.ts';
import {
  openPolicy,
  policyFileIn,
  readMachinePolicies,
  readPolicies,
  type LoadPolicyOptions,
  type PolicyFileInForce,
  type PolicyJson,
  type PolicyKind,
  type ReadPolicies,
  type ReadPolicy,
} from './read-policies.ts';

export type { LoadPolicyOptions, PolicyFileInForce, PolicySettings } from './read-policies.ts';

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
  /** The content of the files, before it was merged. */
  readonly sources: PolicySources;
}

interface PolicySources extends ReadPolicies {
  /** Hashes of the exceptions that the user approved. Undefined if the repository has none. */
  readonly approved: ReadonlySet<string> | undefined;
}

/**
 * Reads the policy files of the machine, the user and the repository, and merges them. Throws `POLICY_INVALID` if a file breaks the
 * schema, is not JSON, or loosens a setting that it may not loosen; `POLICY_UNREADABLE` if a file exists and cannot be read;
 * `POLICY_UNTRUSTED` if the user's file belongs to somebody else, or if anybody but root can write the machine's.
 */
export function loadPolicy(options: LoadPolicyOptions): LoadedPolicy {
  const today = options.today ?? dayOf(Date.now());
  const sources = readPolicies(options);
  const { env, platform, cwd = process.cwd() } = options;
  const hasProposals = sources.policies.some(
    ({ kind, file: { exceptions = [], gitDependencies = [] } }) =>
      kind === 'project' && exceptions.length + gitDependencies.length > 0,
  );
  const approved = hasProposals ? approvedHashes({ env, cwd, platform }) : undefined;
  return mergedPolicy({ ...sources, approved }, today);
}

/**
 * The policy under the current file of the machine, while another file cannot be used: that file counts as it was read before.
 * @throws the errors of {@link loadPolicy} for the file of the machine.
 */
export function underCurrentMachine(
  { sources }: LoadedPolicy,
  options: LoadPolicyOptions & { readonly today: string },
): LoadedPolicy {
  const otherPolicies = sources.policies.filter(({ kind }) => kind !== 'machine');
  return mergedPolicy(
    { ...sources, policies: [...readMachinePolicies(options), ...otherPolicies] },
    options.today,
  );
}

function mergedPolicy(sources: PolicySources, today: string): LoadedPolicy {
  const { policies, passedOver, approved } = sources;
  const filesOf = (kind: PolicyKind): PolicyFile[] =>
    policies.filter((part) => part.kind === kind).map((part) => part.file);
  const [ofMachine, user, repository] = [filesOf('machine'), filesOf('user'), filesOf('project')];
  const [machine = {}] = ofMachine;
  const presets = KINDS.flatMap((kind) => policies.filter((part) => part.kind === kind)).flatMap(
    ({ file, json, kind }) => {
      const setBy = kind === 'project' ? 'repository' : kind;
      return heldPreset(file, { setBy, file: basename(json.path) }) ?? [];
    },
  );
  const merged = { machine, user: stricterOf(user), repository: stricterOf(repository) };
  return {
    policy: mergePolicy({ ...merged, approved, presets }, today),
    gitDependencies: mergeGitDependencies(
      { machine: ofMachine, user, repository, approved },
      today,
    ),
    files: policies.map((part) => part.json.path),
    withoutExceptions: rulesWithoutExceptions(machine),
    scriptNetwork: [machine, ...user.slice(0, 1)]
      .flatMap(({ scriptNetwork = [] }) => scriptNetwork)
      .filter((grant) => !hasExpired(grant, today))
      .map((grant) => grant.package),
    warnings: [
      ...passedOver,
      ...policies.flatMap((part) => (part.kind === 'user' ? forbiddenWarnings(part, machine) : [])),
      ...policies.flatMap((part) => expiryWarnings(part.json, part.file, today)),
    ],
    sources,
  };
}

/**
 * The policy of one file alone, as a server has it that is given this file; the built-in policy if there is no file.
 * @throws the errors of {@link loadPolicy}.
 */
export function policyAlone(path: string): Policy {
  const json = openPolicy(path, { follow: true });
  return mergePolicy({ user: json && policyFileIn(json) }, dayOf(Date.now()));
}

/** The policy files that count, in the order in which they are read. @throws the errors of {@link loadPolicy}. */
export function policyFilesInForce(options: LoadPolicyOptions): readonly PolicyFileInForce[] {
  return readPolicies(options).policies.map(({ json: { path }, kind }) => ({ path, kind }));
}

const KINDS: readonly PolicyKind[] = ['machine', 'user', 'project'];

/** A line for each value of a user's own file that the policy of the machine forbids. */
function forbiddenWarnings({ json, file }: ReadPolicy, machine: PolicyFile): string[] {
  return underMachine(file, machine).forbidden.map(({ path, message }) => {
    const { line, column } = json.document.position([...json.under, ...path]);
    return `${printablePath(json.path)}:${line}:${column}: ${pathText(path)} does not count: by the policy of this machine, it ${message}`;
  });
}

function expiryWarnings(json: PolicyJson, file: PolicyFile | undefined, today: string): string[] {
  const dated = [
    ...(file?.exceptions ?? []).map((exception, index) => {
      const label = `the exception for ${printable(exception.package)} (${exception.rule})`;
      return { ...exception, label, path: ['exceptions', index] };
    }),
    ...(file?.gitDependencies ?? []).map((dependency, index) => {
      const label = `the acceptance of the git dependency ${printable(dependency.package)}`;
      return { ...dependency, label, path: ['gitDependencies', index] };
    }),
    ...(file?.scriptNetwork ?? []).map((grant, index) => {
      const label = `the network for ${grant.package}`;
      return { ...grant, label, path: ['scriptNetwork', index] };
    }),
  ];
  return dated
    .filter((entry) => hasExpired(entry, today))
    .map(({ label, path, expires }) => {
      const { line, column } = json.document.position([...json.under, ...path]);
      return `${printablePath(json.path)}:${line}:${column}: ${label} expired on ${expires} and no longer holds`;
    });
}
