import type { Format, Verdict } from '@tarwarden/core';
import { recordOf, type FindingRecord } from '@tarwarden/core/report';
import { printable, redactUrl } from '@tarwarden/core/text';
import type { Refused } from '../inspector/refused.ts';
import { nameOf, type Subject } from '../inspector/subject.ts';

/** `refuse`: what is rejected is not installed. `report`: it is, and only listed. */
export type Mode = 'refuse' | 'report';

/** What came of one archive. The order of the keys is part of the contract. */
export interface ArchiveRecord {
  readonly package: string;
  /** URL or path, without credentials; null where it is not known. */
  readonly source: string | null;
  readonly status: 'accept' | 'reject' | 'error';
  /** Whether the client was refused it: in `report` mode, what is rejected is not. */
  readonly refused: boolean;
  /** Whether the verdict is one of an earlier inspection. */
  readonly remembered: boolean;
  readonly mode: Mode;
  readonly format: Format | null;
  readonly sha512: string | null;
  /** Errors come first, so that an exception that was used is listed whatever else was found. */
  readonly findings: readonly FindingRecord[];
  /** Findings that are not listed; absent where all are. */
  readonly omitted?: number;
  /** Why it was not inspected; absent otherwise. */
  readonly reason?: string;
}

/** Findings in one line. `scan` lists all. */
const FINDINGS_MAX = 20;

export function recordOfVerdict(
  verdict: Verdict,
  of: { readonly subject: Subject; readonly remembered: boolean; readonly mode: Mode },
): ArchiveRecord {
  const { subject, remembered, mode } = of;
  const { format, status, sha512, findings, omitted = 0 } = recordOf({ path: '', verdict });
  const left = Math.max(0, findings.length - FINDINGS_MAX) + omitted;
  return {
    package: nameOf(subject, verdict),
    source: sourceOf(subject),
    status,
    refused: status === 'reject' && mode === 'refuse',
    remembered,
    mode,
    format,
    sha512,
    findings: errorsFirst(findings).slice(0, FINDINGS_MAX),
    ...(left > 0 && { omitted: left }),
  };
}

function errorsFirst(findings: readonly FindingRecord[]): readonly FindingRecord[] {
  const isError = ({ level }: FindingRecord): boolean => level === 'error';
  return [...findings.filter(isError), ...findings.filter((one) => !isError(one))];
}

/** Of what has no verdict, or is refused for another reason than its content. It is refused in either mode. */
export function recordOfRefusal(
  { subject: name, reasons, kind }: Refused,
  mode: Mode,
  subject: Subject = {},
): ArchiveRecord {
  return {
    package: name,
    source: sourceOf(subject),
    status: kind === 'rejected' ? 'reject' : 'error',
    refused: true,
    remembered: false,
    mode,
    format: null,
    sha512: null,
    findings: [],
    reason: printable(reasons.join('; '), 2048),
  };
}

function sourceOf({ source }: Subject): string | null {
  return source === undefined ? null : redactUrl(source);
}
