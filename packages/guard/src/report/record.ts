import type { Format, Verdict } from '@tarwarden/core';
import { recordOf, type FindingRecord } from '@tarwarden/core/report';
import { printable, redactUrl } from '@tarwarden/core/text';
import type { Refused } from '../refusal/refused.ts';
import { subjectName, type Subject } from '../refusal/subject.ts';

/** `refuse`: a rejected archive is not installed. `report`: it is installed and listed. */
export type Mode = 'refuse' | 'report';

/** The outcome of one archive. The order of the keys is part of the contract. */
export interface ArchiveRecord {
  readonly package: string;
  /** URL or path, without credentials; null if unknown. */
  readonly source: string | null;
  readonly status: 'accept' | 'reject' | 'error';
  /** Whether the client did not get the archive. In `report` mode, it gets rejected archives. */
  readonly refused: boolean;
  /** Whether the verdict comes from an earlier inspection. */
  readonly remembered: boolean;
  readonly mode: Mode;
  readonly format: Format | null;
  readonly sha512: string | null;
  /** Errors come first, so that the findings that used an exception are always listed. */
  readonly findings: readonly FindingRecord[];
  /** Number of findings that are not listed; absent if all are. */
  readonly omitted?: number;
  /** The reason why the archive was not inspected; absent if it was. */
  readonly reason?: string;
  /** Set if the client was about to upload the archive, and not to install it. */
  readonly upload?: true;
}

/** The most findings in one line. `scan` lists all. */
const FINDINGS_MAX = 20;

export function recordOfVerdict(
  verdict: Verdict,
  context: { readonly subject: Subject; readonly remembered: boolean; readonly mode: Mode },
): ArchiveRecord {
  const { subject, remembered, mode } = context;
  const { format, status, sha512, findings, omitted = 0 } = recordOf({ path: '', verdict });
  const omittedCount = Math.max(0, findings.length - FINDINGS_MAX) + omitted;
  return {
    package: subjectName(subject, verdict),
    source: sourceOf(subject),
    status,
    refused: status === 'reject' && mode === 'refuse',
    remembered,
    mode,
    format,
    sha512,
    findings: errorsFirst(findings).slice(0, FINDINGS_MAX),
    ...(omittedCount > 0 && { omitted: omittedCount }),
    ...(subject.isUpload === true && { upload: true as const }),
  };
}

function errorsFirst(findings: readonly FindingRecord[]): readonly FindingRecord[] {
  const isError = ({ level }: FindingRecord): boolean => level === 'error';
  return [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))];
}

/** The record of an archive that has no verdict or is refused for another reason than its content. It is refused in either mode. */
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
    ...(subject.isUpload === true && { upload: true as const }),
  };
}

function sourceOf({ source }: Subject): string | null {
  return source === undefined ? null : redactUrl(source);
}
