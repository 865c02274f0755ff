/* Under which names verdicts are remembered, and how a rejection is told in one line. */
import type { Verdict } from '@tarwarden/core';
import type { VerdictStore } from '@tarwarden/host';
import type { Source } from './source.ts';

export function treeName(integrity: string): string {
  return `tree:${integrity}`;
}

export function keyOf(source: Source, integrity: string): Parameters<VerdictStore['get']>[0] {
  return { integrity, ...(source.expected && { expected: source.expected }) };
}

export function summary(source: Source, { findings, omitted }: Verdict): string {
  const errors = findings.filter(
    (finding) => finding.level === 'error' && finding.excepted === undefined,
  );
  const more = errors.length - 1 + omitted;
  const first = errors[0]?.message ?? 'the archive was rejected';
  return `${source.id} is rejected: ${first}${more > 0 ? ` (and ${more} more)` : ''}`;
}
