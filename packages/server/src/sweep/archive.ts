/* The archives of a sweep, and what the sweep says about each of them. */
import { hash } from 'node:crypto';
import type { Verdict } from '@tarwarden/core';
import { recordOf, type ScanError, type ScanRecord } from '@tarwarden/core/report';
import { printable } from '@tarwarden/core/text';
import * as v from 'valibot';
import { GatewayAnswer } from '../gateway/answers.ts';

/** An archive to be inspected: the data of one job. */
export interface SweptArchive {
  /** The archive's name for people. Printable. */
  readonly item: string;
  /** An address, or the name of a file in a gateway's cache. */
  readonly at: { readonly address: string } | { readonly cached: string };
  /** The package that it is inspected against. Absent if it is unknown. */
  readonly expected?: { readonly name: string; readonly version: string };
  readonly integrity?: string;
}

/** The result for one archive: a line of `tarwarden scan --reporter ndjson`, and the package. */
export type SweepRecord = ScanRecord & {
  /** As it was asked for, or else as the archive says it. Null if it is unknown. */
  readonly package: { readonly name: string; readonly version: string } | null;
};

/** The reason why an archive has no verdict. */
export interface SweepFailure extends ScanError {
  /** Whether another try would fail in the same way. */
  readonly isFinal: boolean;
}

/** A part of a sweep: an archive, or the record of a package whose archives are not known. */
export type Planned =
  | { readonly archive: SweptArchive }
  | { readonly id: string; readonly record: SweepRecord };

/** The name of a file in the cache. No other text may become a part of a path. */
export const CACHED_NAME = /^[0-9a-f]{64}$/;
const TEXT_MAX = 500;
/** Statuses that another try would not change. */
const FINAL = new Set([400, 401, 403, 404, 405, 410, 413, 451]);

/** Equal for equal archives, so that the queue and the results have each archive once. BullMQ refuses colons in it. */
export function archiveId({ at, expected, integrity }: SweptArchive): string {
  const { name, version } = expected ?? {};
  return sweepId(['archive', at, name, version, integrity]);
}

function sweepId(parts: readonly unknown[]): string {
  return `s-${hash('sha256', JSON.stringify(parts)).slice(0, 40)}`;
}

/** A package, or a version of it, whose archives are not known. */
export function failedPackage(label: string, error: ScanError): Planned {
  return { id: sweepId(['package', label]), record: failureRecord(label, error) };
}

const NAME_AND_VERSION = v.object({ name: v.string(), version: v.string() });

/** Any program that can write to the queue can put other values there. */
const ARCHIVE = v.object({
  item: v.string(),
  at: v.union([
    v.strictObject({ address: v.pipe(v.string(), v.url()) }),
    v.strictObject({ cached: v.pipe(v.string(), v.regex(CACHED_NAME)) }),
  ]),
  expected: v.optional(NAME_AND_VERSION),
  integrity: v.optional(v.string()),
});

export function isSweptArchive(value: unknown): value is SweptArchive {
  return v.is(ARCHIVE, value);
}

const RECORD = v.pipe(
  v.object({
    path: v.string(),
    format: v.nullable(v.string()),
    status: v.picklist(['accept', 'reject', 'error']),
    sha512: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{128}$/))),
    findings: v.array(v.looseObject({ rule: v.string(), level: v.string(), message: v.string() })),
    error: v.optional(v.object({ code: v.string(), message: v.string() })),
    omitted: v.optional(v.number()),
    package: v.nullable(NAME_AND_VERSION),
  }),
  v.check(({ status, sha512 }) => (status === 'error') === (sha512 === null)),
);

/** The record that a worker has put into the queue, without other fields. Undefined if it is not one. */
export function sweptRecord(value: unknown): SweepRecord | undefined {
  const record = v.safeParse(RECORD, value);
  return record.success ? (record.output as unknown as SweepRecord) : undefined;
}

/** A package or an address for people, without credentials and query. */
export function itemText(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return printable(text, TEXT_MAX);
  const { origin, pathname } = new URL(text);
  return printable(origin + pathname, TEXT_MAX);
}

export function verdictRecord({ item, expected }: SweptArchive, verdict: Verdict): SweepRecord {
  const { name, version } = expected ?? verdict.manifest ?? {};
  const isKnown = name !== undefined && version !== undefined;
  return {
    ...recordOf({ path: item, verdict }),
    package: isKnown ? { name: printable(name, TEXT_MAX), version: printable(version, 200) } : null,
  };
}

/** The record of an archive, or of a package, that was not inspected. */
export function failureRecord(item: string, { code, message }: ScanError): SweepRecord {
  const error = { code, message: printable(message, TEXT_MAX) };
  return { ...recordOf({ path: itemText(item), error }), package: null };
}

export function sweepFailure(error: unknown): SweepFailure {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof GatewayAnswer
    ? { code: 'NOT_FETCHED', message, isFinal: FINAL.has(error.status) }
    : { code: 'CRASHED', message, isFinal: false };
}
