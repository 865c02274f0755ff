/* The results of an audit for one package, and for all of them. */
import type { Ecosystem, Level, Verdict } from '@tarwarden/core';
import type { GitDependencies } from '@tarwarden/core/policy';
import { rejects } from '@tarwarden/core/report';
import { plural } from '@tarwarden/core/text';
import type { CheckId } from './report/checks.ts';

export interface LockfileLocation {
  /** The path of the lockfile, as it was named or found. Not escaped. */
  readonly lockfile: string;
  /** From 1. */
  readonly line: number;
}

/** The source of the inspected bytes. `remembered`: an earlier verdict on the same bytes was used. */
export type BytesFrom =
  | 'remembered'
  | 'npm-cache'
  | 'yarn-classic-cache'
  | 'yarn-zip'
  | 'gem-cache'
  | 'go-cache'
  | 'git'
  | 'file'
  | 'registry';

export interface Check {
  readonly id: CheckId;
  readonly level: Level;
  /** One line, escaped. */
  readonly message: string;
}

/** The reason why a package was not inspected. Codes are API. */
export type NotInspectedCode =
  /** The lockfile, or an entry of it, cannot be read. */
  | 'LOCKFILE'
  /** The lockfile has no hash of the bytes. */
  | 'NO_INTEGRITY'
  /** It comes from a git repository, and the commit cannot be fetched. */
  | 'NO_ARCHIVE'
  /** No cache has the bytes, and they cannot be downloaded. */
  | 'NO_BYTES'
  /** The inspection broke off. */
  | 'CRASHED';

export interface NotInspectedReason {
  readonly code: NotInspectedCode;
  /** One line, escaped. */
  readonly message: string;
  /** One line with advice for the user. */
  readonly remedy?: string;
}

interface AboutPackage {
  /** As the lockfile has it, not escaped. Absent if the result is about the whole lockfile. */
  readonly package?: PackageName;
  /** At least one. */
  readonly places: readonly LockfileLocation[];
  readonly checks: readonly Check[];
}

export interface PackageName {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly version: string;
}

export type AuditResult = AboutPackage &
  (
    | {
        readonly status: 'inspected';
        readonly verdict: Verdict;
        readonly from: BytesFrom;
        /** The name of the archive, if the version has several. Not escaped. */
        readonly file?: string;
      }
    | {
        readonly status: 'not-inspected';
        readonly error: NotInspectedReason;
        /** Only if it comes from a whole commit of a git repository, which the policy can accept without an inspection. */
        readonly git?: GitCommit;
      }
    /** The package is not fetched: a folder of the project, or inside the archive of another package. */
    | { readonly status: 'own' }
  );

/** The outcome for an archive, besides the checks. */
export type Outcome =
  | Pick<Extract<AuditResult, { status: 'inspected' }>, 'status' | 'verdict' | 'from' | 'file'>
  | Pick<Extract<AuditResult, { status: 'not-inspected' }>, 'status' | 'error'>;

/** A git dependency that was not inspected, as the key `gitDependencies` of a policy names it. */
export interface GitCommit {
  readonly package: string;
  readonly resolved: string;
  /** The part of the policy that accepts it. */
  readonly accepted?: GitDependencies['held'][number];
  /** The hash of a proposal of the repository that would accept it, and that the user has not approved. */
  readonly proposed?: string;
}

export interface AuditSummary {
  readonly packages: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Including those that the policy accepts. */
  readonly notInspected: number;
  /** Lockfiles, and parts of lockfiles, that could not be read. They count as not inspected. */
  readonly unread: number;
  /** Git dependencies that were not inspected, and that the policy accepts. */
  readonly gitAccepted: number;
  readonly own: number;
  readonly warnings: number;
  readonly from: Readonly<Partial<Record<BytesFrom, number>>>;
}

export const NOTHING_AUDITED: AuditSummary = {
  packages: 0,
  accepted: 0,
  rejected: 0,
  notInspected: 0,
  unread: 0,
  gitAccepted: 0,
  own: 0,
  warnings: 0,
  from: {},
};

/** Whether an audit ends with exit code 1 because of a result. */
export function isRejected(result: AuditResult): boolean {
  return (
    result.checks.some(({ level }) => level === 'error') ||
    (result.status === 'inspected' && result.verdict.status === 'reject')
  );
}

/** Adds a result to the summary. A package that was not inspected, and is rejected for its entry, counts as both. */
export function summariseAudit(summary: AuditSummary, result: AuditResult): AuditSummary {
  const add = (condition: boolean): number => (condition ? 1 : 0);
  const rejected = isRejected(result);
  const from = { ...summary.from };
  if (result.status === 'inspected') from[result.from] = (from[result.from] ?? 0) + 1;
  return {
    packages: summary.packages + add(result.package !== undefined),
    accepted: summary.accepted + add(result.status === 'inspected' && !rejected),
    rejected: summary.rejected + add(rejected),
    notInspected: summary.notInspected + add(result.status === 'not-inspected'),
    unread: summary.unread + add(result.status === 'not-inspected' && result.package === undefined),
    gitAccepted: summary.gitAccepted + add(isAcceptedGit(result)),
    own: summary.own + add(result.status === 'own'),
    warnings: summary.warnings + warningsOf(result),
    from,
  };
}

function warningsOf(result: AuditResult): number {
  const checks = result.checks.filter(({ level }) => level === 'warning').length;
  if (result.status !== 'inspected') return checks;
  const { findings } = result.verdict;
  return (
    checks + findings.filter((finding) => finding.level !== 'note' && !rejects(finding)).length
  );
}

/** Whether the policy accepts a git dependency that was not inspected. This never makes a rejected package accepted. */
export function isAcceptedGit(result: AuditResult): boolean {
  return result.status === 'not-inspected' && result.git?.accepted !== undefined;
}

/** The exit code of an audit, and its cause. */
export interface AuditOutcome {
  readonly code: 0 | 1 | 2;
  /** Continues the sentence "exit 1 because …". One line, escaped. */
  readonly reason: string;
}

/**
 * 1 if a package was rejected; else 2 if one could not be inspected, or if there was nothing to audit; else 0.
 *
 * @param missing Lockfiles and folders that were to be audited and are not there, such as "no lockfile found in app". One line each, escaped.
 */
export function auditOutcome(summary: AuditSummary, missing: readonly string[] = []): AuditOutcome {
  const { rejected, notInspected, unread, gitAccepted } = summary;
  if (rejected > 0) return { code: 1, reason: `${counted(rejected, 'package')} rejected` };
  const packages = notInspected - unread - gitAccepted;
  const reasons = [
    ...(packages > 0 ? [`${counted(packages, 'package')} not inspected`] : []),
    ...(unread > 0 ? [`${plural(unread, 'part')} of the lockfiles could not be read`] : []),
    ...missing,
  ];
  if (reasons.length > 0) return { code: 2, reason: reasons.join(', and ') };
  if (gitAccepted === 0) return { code: 0, reason: 'every package was inspected and accepted' };
  const noun = gitAccepted === 1 ? 'git dependency' : 'git dependencies';
  const accepted = `the policy accepts ${gitAccepted} ${noun}`;
  return { code: 0, reason: `nothing was rejected, and ${accepted} without an inspection` };
}

function counted(count: number, noun: string): string {
  return `${plural(count, noun)} ${count === 1 ? 'was' : 'were'}`;
}

/** A way to show an audit: each step gives the text to print, with its line feed, or nothing. Pure. */
export interface AuditReporter {
  start(): string;
  result(result: AuditResult): string;
  end(summary: AuditSummary, outcome: AuditOutcome): string;
}
