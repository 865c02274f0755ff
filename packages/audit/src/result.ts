/* What an audit finds out about one package, and about all of them. */
import type { Ecosystem, ExpectedPackage, Level, Verdict } from '@tarwarden/core';
import { rejects } from '@tarwarden/core/report';

/** Where a lockfile names a package. */
export interface LockfileLocation {
  /** Path of the lockfile, as it was named or found. Not escaped. */
  readonly lockfile: string;
  /** From 1. */
  readonly line: number;
}

/** Where a package is named: in a lockfile, or in a cache that has it. */
export type PackageLocation = LockfileLocation | { readonly file: string };

/** Where the bytes were that were inspected; `remembered` where an earlier verdict about the same bytes was used. */
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

/** What the lockfile itself does wrong about a package. Ids are API. */
export type CheckId =
  /** Its tarball is at a host that is none of the configured registries. */
  | 'foreign-host'
  /** The address of its tarball, or its entry, is that of another package or version than is asked for. */
  | 'other-package'
  /** The lockfile has another source or version for it than package.json asks for, or nothing. */
  | 'not-as-asked'
  /** Its integrity is no stronger than SHA-1. */
  | 'weak-integrity'
  /** What was inspected has no integrity in the lockfile. */
  | 'unpinned'
  /** Where it is fetched from has other bytes than the lockfile pins. */
  | 'integrity-mismatch'
  /** A cache has other bytes under its name. */
  | 'cache-mismatch'
  /** What is installed of it is not what its archive has. */
  | 'installed-mismatch'
  /** A link is installed that no archive has, or that leaves the project. */
  | 'installed-link'
  /** A file or folder is installed that is not a package, nor of one. */
  | 'installed-extra'
  /** It is installed, or would be by a package's own shrinkwrap or for want of a bundle, and no lockfile names it. */
  | 'not-locked';

export interface Check {
  readonly id: CheckId;
  readonly level: Level;
  /** One line, escaped. */
  readonly message: string;
}

/** Why a package was not inspected. Codes are API. */
export type NotInspectedCode =
  /** The lockfile, or an entry of it, cannot be read. */
  | 'LOCKFILE'
  /** The lockfile does not say what the bytes have to be. */
  | 'NO_INTEGRITY'
  /** It comes from a git repository, of which no commit can be had to be inspected. */
  | 'NO_ARCHIVE'
  /** No cache has the bytes, and they cannot be downloaded. */
  | 'NO_BYTES'
  /** The inspection broke off. */
  | 'CRASHED';

export interface NotInspectedReason {
  readonly code: NotInspectedCode;
  /** One line, escaped. */
  readonly message: string;
  /** What a person can do, one line. */
  readonly remedy?: string;
}

interface AboutPackage {
  /** As the lockfile has it, not escaped. Absent where a result is about the lockfile as a whole. */
  readonly package?: PackageName;
  /** At least one. */
  readonly places: readonly PackageLocation[];
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
        /** What the archive was inspected against; absent where it was asked for by an address. */
        readonly expected?: ExpectedPackage;
        /** Name of the archive, where a version has several. Not escaped. */
        readonly file?: string;
      }
    | { readonly status: 'not-inspected'; readonly error: NotInspectedReason }
    /** Nothing that is fetched: folders of the project, what is inside of another package's archive. */
    | { readonly status: 'own'; readonly why: string }
  );

export interface AuditSummary {
  readonly packages: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly notInspected: number;
  readonly own: number;
  readonly warnings: number;
  readonly from: Readonly<Partial<Record<BytesFrom, number>>>;
}

export const NOTHING_AUDITED: AuditSummary = {
  packages: 0,
  accepted: 0,
  rejected: 0,
  notInspected: 0,
  own: 0,
  warnings: 0,
  from: {},
};

/** Whether a result is one for which an audit ends with 1. */
export function isRejected(result: AuditResult): boolean {
  return (
    result.checks.some(({ level }) => level === 'error') ||
    (result.status === 'inspected' && result.verdict.status === 'reject')
  );
}

/** The summary with one more result in it. A package that is rejected for its entry and was not inspected counts for both. */
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

/** 1 when something was rejected, whatever else happened; else 2 when something could not be inspected; else 0. */
export function auditExitCode(summary: AuditSummary): 0 | 1 | 2 {
  if (summary.rejected > 0) return 1;
  return summary.notInspected > 0 ? 2 : 0;
}
