/* The archives of a sweep, and what the sweep says about each of them. */
import { hash } from 'node:crypto';
import type { Verdict } from '@tarwarden/core';
import { recordOf, type ScanErrorCode, type ScanRecord } from '@tarwarden/core/report';
import { printable } from '@tarwarden/core/text';
import * as v from 'valibot';

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

interface FailureText {
  readonly code: ScanErrorCode;
  readonly message: string;
}

/** A part of a sweep: an archive, or the record of a package whose archives are not known. */
export type Planned =
  | { readonly archive: SweptArchive }
  | { readonly id: string; readonly record: SweepRecord };

/** The name of a file in the cache. No other text may become a part of a path. */
const CACHED = /^[0-9a-f]{64}$/;
const TEXT_MAX = 500;

/** Equal for equal archives, so that the queue and the results have each archive once. BullMQ refuses colons in it. */
export function archiveId({ at, expected, integrity }: SweptArchive): string {
  const { name, version } = expected ?? {};
  return sweepId(['archive', at, name, version, integrity]);
}

function sweepId(parts: readonly unknown[]): string {
  return `s-${hash('sha256', JSON.stringify(parts)).slice(0, 40)}`;
}

/** A package, or a version of it, whose archives are not known. */
export function failedPackage(label: string, { code, message }: FailureText): Planned {
  return { id: sweepId(['package', label]), record: failureRecord(label, { code, message }) };
}

/** Any program that can write to the queue can put other values there. */
const ARCHIVE = v.object({
  item: v.string(),
  at: v.union([
    v.strictObject({ address: v.pipe(v.string(), v.check(URL.canParse)) }),
    v.strictObject({ cached: v.pipe(v.string(), v.regex(CACHED)) }),
  ]),
  expected: v.optional(v.object({ name: v.string(), version: v.string() })),
  integrity: v.optional(v.string()),
});

export function isSweptArchive(value: unknown): value is SweptArchive {
  return v.is(ARCHIVE, value);
}

export function isCachedName(name: string): boolean {
  return CACHED.test(name);
}

/** A package or an address for people, without credentials and query. */
export function itemText(text: string): string {
  if (!/^https?:\/\//i.test(text)) return printable(text, TEXT_MAX);
  const { origin, pathname } = new URL(text);
  return printable(origin + pathname, TEXT_MAX);
}

export function verdictRecord({ item, expected }: SweptArchive, verdict: Verdict): SweepRecord {
  const { name, version } = expected ?? verdict.manifest ?? {};
  const isKnown = name !== undefined && version !== undefined;
  return {
    ...recordOf({ path: item, verdict }),
    package: isKnown ? { name: printable(name, 500), version: printable(version, 200) } : null,
  };
}

/** The record of an archive, or of a package, that was not inspected. */
export function failureRecord(item: string, { code, message }: FailureText): SweepRecord {
  const error = { code, message: printable(message, 500) };
  return { ...recordOf({ path: itemText(item), error }), package: null };
}
