/* Rejected archives in the report of an install. Whoever could write to the file chose its text. */
import { rules, type RuleId } from '@tarwarden/core';
import { readBounded } from '@tarwarden/host';
import type { Candidate } from './propose.ts';

/** A report of thousands of packages has some megabytes. */
const MAX_REPORT_BYTES = 256 * 1024 * 1024;

/** The text of a report; undefined for what is not a file that can be read, or is too large. */
export function readReport(path: string): string | undefined {
  try {
    return readBounded(path, { bytesMax: MAX_REPORT_BYTES, follow: true }).bytes?.toString();
  } catch {
    return undefined;
  }
}

/** Lines of the report that are for archives that were rejected, each archive once. Other lines are passed over. */
export function rejectedIn(report: string): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const line of report.split('\n')) {
    const candidate = candidateOf(line);
    const key = `${candidate?.package} ${candidate?.sha512}`;
    // The first one: what comes later may be of a program that the install ran.
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
  // One that cannot be read is one more that is not listed.
  const known = read.filter((one) => one !== undefined);
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
  const { rule, level, entry, excepted } = value as Fields;
  const isKnown =
    typeof rule === 'string' &&
    Object.hasOwn(rules, rule) &&
    (level === 'error' || level === 'warning' || level === 'note') &&
    (entry === null || typeof entry === 'string') &&
    (excepted === undefined || typeof excepted === 'string');
  if (!isKnown) return undefined;
  return {
    rule: rule as RuleId,
    level,
    ...(entry !== null && { entry }),
    ...(excepted !== undefined && { excepted }),
  };
}
