import { RULESET } from '@tarwarden/core';
import { recordOf, type FindingRecord } from '@tarwarden/core/report';
import { escapedJson } from '@tarwarden/core/text';
import {
  isRejected,
  type AuditReporter,
  type AuditResult,
  type BytesFrom,
  type Check,
  type GitCommit,
  type LockfileLocation,
  type NotInspectedReason,
  type PackageName,
} from '../result.ts';

/** Version of the document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

/** One JSON document, with one line for each package: `{schema, ruleset, results: AuditRecord[], summary: AuditSummary, exit: AuditOutcome}`. */
export function auditJson(): AuditReporter {
  let separator = '\n';
  return {
    start: () => `{"schema":${SCHEMA},"ruleset":${escapedJson(RULESET)},"results":[`,
    result: (result) => {
      const line = `${separator}${escapedJson(auditRecord(result))}`;
      separator = ',\n';
      return line;
    },
    end: (summary, { code, reason }) =>
      `\n],"summary":${escapedJson(summary)},"exit":${escapedJson({ code, reason })}}\n`,
  };
}

/** One line of JSON for each package, and nothing else. */
export const auditNdjson: AuditReporter = {
  start: () => '',
  result: (result) => `${escapedJson(auditRecord(result))}\n`,
  end: () => '',
};

/** One package as the JSON reporters show it. The order of the keys is part of the contract. */
interface AuditRecord {
  /** Null if the record is about a lockfile that cannot be read. */
  readonly package: PackageName | null;
  readonly places: readonly LockfileLocation[];
  /** `own`: the package is not fetched. A package that is rejected for its entry alone may have an `error` as well. */
  readonly status: 'accept' | 'reject' | 'error' | 'own';
  /** Null if nothing was inspected. */
  readonly from: BytesFrom | null;
  /** The SHA-512 of the inspected bytes in lower-case hex. Null if nothing was inspected. */
  readonly sha512: string | null;
  readonly findings: readonly FindingRecord[];
  readonly checks: readonly Check[];
  /** The name of the archive, if the version has several. */
  readonly file?: string;
  readonly error?: NotInspectedReason;
  /** A git dependency that was not inspected, and the part of the policy that accepts or would accept it. */
  readonly git?: GitCommit;
  /** The number of findings that were counted and not kept. Absent if there are none. */
  readonly omitted?: number;
}

function auditRecord(result: AuditResult): AuditRecord {
  const { places, checks } = result;
  const base = { package: result.package ?? null, places };
  const emptyFields = { from: null, sha512: null, findings: [], checks };
  const rejected = isRejected(result);
  if (result.status === 'own')
    return { ...base, status: rejected ? 'reject' : 'own', ...emptyFields };
  if (result.status === 'not-inspected')
    return {
      ...base,
      status: rejected ? 'reject' : 'error',
      ...emptyFields,
      error: result.error,
      ...(result.git !== undefined && { git: result.git }),
    };
  const { sha512, findings, omitted } = recordOf({ path: '', verdict: result.verdict });
  return {
    ...base,
    status: rejected ? 'reject' : 'accept',
    from: result.from,
    sha512,
    findings,
    checks,
    ...(result.file !== undefined && { file: result.file }),
    ...(omitted !== undefined && { omitted }),
  };
}
