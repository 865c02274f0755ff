import { rejects } from '../finding/rejects.ts';
import type { Format } from '../finding/format.ts';
import type { Location } from '../finding/location.ts';
import type { Finding, Verdict } from '../finding/verdict.ts';

/** The reasons why a file has no verdict. Codes are API. */
export type ScanErrorCode =
  | 'NOT_FOUND'
  | 'NOT_A_FILE'
  | 'LINK_NOT_FOLLOWED'
  | 'TOO_LARGE'
  | 'UNREADABLE'
  /** A package that was named could not be fetched. */
  | 'NOT_FETCHED'
  | 'CRASHED';

export interface ScanError {
  readonly code: ScanErrorCode;
  /** One line, safe for a terminal. */
  readonly message: string;
}

/** The source of an archive that was fetched because a user named its package. Texts are not escaped. */
export interface FetchSource {
  /** The package as it was named. */
  readonly package: string;
  /** The name of the archive. */
  readonly file: string;
  /** `registry`, `npm-cache`, `gem-cache` and other caches. */
  readonly from: string;
  /** The address of the download, without credentials. Null for bytes of a cache. */
  readonly address: string | null;
  /** The entry of the project's lockfile, and whether it pins these bytes. Null if it pins none. */
  readonly locked: {
    readonly lockfile: string;
    readonly line: number;
    readonly isSame: boolean;
  } | null;
}

/** The result for one file: a verdict, or the reason why there is none. `path` is not escaped. */
export type ScanResult = {
  readonly path: string;
  /** Absent for a file of this machine. */
  readonly fetched?: FetchSource;
} & ({ readonly verdict: Verdict } | { readonly error: ScanError });

/** One file as the JSON reporters show it. The order of the keys is part of the contract. */
export interface ScanRecord {
  readonly path: string;
  /** Null if the file could not be inspected. */
  readonly format: Format | null;
  readonly status: 'accept' | 'reject' | 'error';
  /** Lower-case hex. Null if the file could not be inspected. */
  readonly sha512: string | null;
  readonly findings: readonly FindingRecord[];
  readonly error?: ScanError;
  /** Findings that were counted but not kept. Absent if there are none. */
  readonly omitted?: number;
  /** Absent for a file of this machine. */
  readonly fetched?: FetchSource;
}

/** A finding as the JSON reporters show it. Its entry is null if it is about the whole archive. */
export type FindingRecord = Omit<Finding, keyof Location | 'rule' | 'code'> & {
  readonly rule: string;
  readonly code?: string;
  readonly entry: string | null;
};

export function recordOf(result: ScanResult): ScanRecord {
  const { path, fetched } = result;
  const source = fetched === undefined ? {} : { fetched };
  if ('error' in result) {
    const { code, message } = result.error;
    const error = { code, message };
    return { path, format: null, status: 'error', sha512: null, findings: [], error, ...source };
  }
  const { format, status, archive, findings, omitted } = result.verdict;
  return {
    path,
    format,
    status,
    sha512: archive.sha512,
    findings: findings.map(findingRecord),
    ...(omitted === 0 ? {} : { omitted }),
    ...source,
  };
}

function findingRecord(finding: Finding): FindingRecord {
  const { rule, code, level, message, entry, excepted, exception, proposed, preset } = finding;
  return {
    rule,
    ...(code === undefined ? {} : { code }),
    level,
    message,
    entry: entry ?? null,
    ...(excepted === undefined ? {} : { excepted }),
    ...(exception === undefined ? {} : { exception }),
    ...(proposed === undefined ? {} : { proposed }),
    ...(preset === undefined ? {} : { preset }),
  };
}

/** Numbers of files by their result. */
export interface ScanSummary {
  readonly files: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Files without a verdict. */
  readonly errors: number;
  /** Findings of level `warning`, and excepted errors. */
  readonly warnings: number;
}

export const NOTHING_SCANNED: ScanSummary = {
  files: 0,
  accepted: 0,
  rejected: 0,
  errors: 0,
  warnings: 0,
};

/** The summary with one more file in it. */
export function summarise(summary: ScanSummary, result: ScanResult): ScanSummary {
  const files = summary.files + 1;
  if ('error' in result) return { ...summary, files, errors: summary.errors + 1 };
  const { status, findings } = result.verdict;
  return {
    ...summary,
    files,
    accepted: summary.accepted + (status === 'accept' ? 1 : 0),
    rejected: summary.rejected + (status === 'reject' ? 1 : 0),
    warnings:
      summary.warnings +
      findings.filter((finding) => finding.level !== 'note' && !rejects(finding)).length,
  };
}

/**
 * Exit code of a scan: 1 if an archive was rejected; otherwise 2 if a file could not be inspected; otherwise 0.
 */
export function exitCodeOf(summary: ScanSummary): 0 | 1 | 2 {
  if (summary.rejected > 0) return 1;
  return summary.errors > 0 ? 2 : 0;
}
