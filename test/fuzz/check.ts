import { inspect, type InspectOptions, type Verdict } from '@tarwarden/core';
import { agree } from '../differential/oracles/agreement.ts';
import type { Oracle } from '../differential/oracles/file-map.ts';

/** What is wrong with a verdict. */
export interface Failure {
  readonly kind: 'throw' | 'pieces' | 'disagreement' | 'slow';
  readonly detail: string;
}

/** Longest that one small archive may take, also on a busy machine. */
export const SLOW_MS = 5000;

export interface Checked {
  readonly verdict?: Verdict;
  readonly failure?: Failure;
  readonly refusals: number;
}

/**
 * Inspects an archive and holds the verdict against its promises: it is made, in time, whatever the pieces of
 * the input are, and where it accepts, all extractors unpack the same.
 */
export async function check(
  tgz: Buffer,
  oracles: readonly Oracle[],
  options: InspectOptions = {},
): Promise<Checked> {
  const started = performance.now();
  let verdict: Verdict;
  let pieces: Verdict;
  try {
    verdict = inspect(tgz, options);
    pieces = inspect(tgz, { ...options, pieceBytes: 1 + (tgz.length % 97) });
  } catch (error) {
    return { failure: { kind: 'throw', detail: String((error as Error).stack) }, refusals: 0 };
  }
  const took = performance.now() - started;
  if (took > SLOW_MS)
    return { verdict, failure: { kind: 'slow', detail: `${took} ms` }, refusals: 0 };
  if (shown(verdict) !== shown(pieces)) {
    return { verdict, failure: { kind: 'pieces', detail: shown(pieces) }, refusals: 0 };
  }
  if (verdict.status !== 'accept') return { verdict, refusals: 0 };
  const { disagreements, refusals } = await agree(tgz, verdict, oracles);
  if (disagreements.length === 0) return { verdict, refusals };
  const told = verdict.findings.map(({ rule }) => rule).join(', ');
  const detail = [...disagreements.slice(0, 10), `accepted with: ${told || 'no findings'}`].join(
    '\n',
  );
  return { verdict, failure: { kind: 'disagreement', detail }, refusals };
}

/** What must not hang on the pieces: all of it, but for how much of a damaged stream was read before it was told. */
export function shown(verdict: Verdict): string {
  const damaged = verdict.findings.some(({ rule }) => rule === 'gzip-damaged');
  return damaged ? `${verdict.status}, damaged` : JSON.stringify(verdict);
}
