/* Reads the rejected archives from the report of an install. Every program of the install may have written to the file. */
import { problemOf, type Finding } from '@tarwarden/core';
import { readBounded } from '@tarwarden/host';
import type { Candidate } from './propose.ts';

/** A report of thousands of packages has some megabytes. */
const MAX_REPORT_BYTES = 256 * 1024 * 1024;

/** The text of a report. Undefined if the file cannot be read, or is too large. */
export function readReport(path: string): string | undefined {
  try {
    return readBounded(path, { bytesMax: MAX_REPORT_BYTES, follow: true }).bytes?.toString();
  } catch {
    return undefined;
  }
}

/** The rejected archives of a report, each once. Lines about other archives are skipped. */
export function rejectedIn(report: string): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const line of report.split('\n')) {
    const candidate = candidateOf(line);
    const key = `${candidate?.package} ${candidate?.sha512}`;
    // The first line counts. A program that the install ran may have written a later one.
    if (candidate !== undefined && !found.has(key)) found.set(key, candidate);
  }
  return [...found.values()];
}

type Fields = Readonly<Record<string, unknown>>;

function candidateOf(line: string): Candidate | undefined {
  const fields = objectIn(line);
  if (fields?.['type'] !== 'archive' || fields['status'] !== 'reject') return undefined;
  const { package: name, sha512, findings, omitted = 0 } = fields;
  const isKnown =
    typeof name === 'string' && typeof sha512 === 'string' && /^[0-9a-f]{128}$/.test(sha512);
  if (!isKnown || !Array.isArray(findings) || typeof omitted !== 'number') return undefined;
  const read = findings.map(findingOf);
  // A finding that cannot be read counts as one more that is not listed.
  const known = read.filter((finding) => finding !== undefined);
  return { package: name, sha512, findings: known, omitted: omitted + read.length - known.length };
}

function objectIn(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function findingOf(value: unknown): Candidate['findings'][number] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { rule, code, level, entry, excepted } = value as Fields;
  const problem = problemOf({ rule, code } as Pick<Finding, 'rule' | 'code'>);
  const isKnown =
    problem !== undefined &&
    (level === 'error' || level === 'warning' || level === 'note') &&
    (entry === null || typeof entry === 'string') &&
    (excepted === undefined || typeof excepted === 'string');
  if (!isKnown) return undefined;
  return {
    rule: problem.id,
    ...(problem.code && { code: problem.code }),
    level,
    ...(entry !== null && { entry }),
    ...(excepted !== undefined && { excepted }),
  };
}
