/* The results of an audit for one package, and for all of them. */
import type { Ecosystem, ExpectedPackage, Level, Verdict } from '@tarwarden/core';
import { rejects } from '@tarwarden/core/report';

export interface LockfileLocation {
  /** The path of the lockfile, as it was named or found. Not escaped. */
  readonly lockfile: string;
  /** From 1. */
  readonly line: number;
}

/** The location of a package: a line of a lockfile, or a file or folder. */
export type PackageLocation = LockfileLocation | { readonly file: string };

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

/** Problems of a package besides findings in its archive. Ids are API. */
export type CheckId =
  /** Its tarball is at a host that is not a configured registry. */
  | 'foreign-host'
  /** Its entry, or the address of its tarball, has another package or version than was asked for. */
  | 'other-package'
  /** The lockfile has no entry for a request of package.json, or one with another source or version. */
  | 'not-as-asked'
  /** Its integrity is no stronger than SHA-1. */
  | 'weak-integrity'
  /** The inspected bytes have no integrity in the lockfile. */
  | 'unpinned'
  /** Its source has other bytes than the lockfile pins. */
  | 'integrity-mismatch'
  /** A cache has other bytes under its name. */
  | 'cache-mismatch'
  /** Its installed files differ from those of its archive. */
  | 'installed-mismatch'
  /** A link is installed that no archive has, or that leaves the project. */
  | 'installed-link'
  /** A file or folder is installed that belongs to no package. */
  | 'installed-extra'
  /** No lockfile names it, but it is installed, or would be because of a package's own shrinkwrap or a missing bundle. */
  | 'not-locked';

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
        /** The identity that the archive has to have. Absent if it was asked for by an address. */
        readonly expected?: ExpectedPackage;
        /** The name of the archive, if the version has several. Not escaped. */
        readonly file?: string;
      }
    | { readonly status: 'not-inspected'; readonly error: NotInspectedReason }
    /** The package is not fetched: a folder of the project, or inside the archive of another package. */
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

/** 1 if a package was rejected; else 2 if one could not be inspected; else 0. */
export function auditExitCode(summary: AuditSummary): 0 | 1 | 2 {
  if (summary.rejected > 0) return 1;
  return summary.notInspected > 0 ? 2 : 0;
}
