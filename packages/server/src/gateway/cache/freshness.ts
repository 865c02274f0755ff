/* Decides for how long a registry's answer may be used without asking again (RFC 9111). */
import type { RegistryAnswer } from '../upstream-answer.ts';

/** The most milliseconds, whatever the registry allows: a user whose token was revoked loses private packages after this time. */
export const FRESH_MAX: number = 5 * 60_000;

/** Milliseconds for which archives of a document are sent without asking for it again: usually, and at least. */
const ARCHIVES_WITHIN = 60_000;
const ARCHIVES_MIN = 2_000;

export interface DocumentTimes {
  /** Milliseconds since 1970: when the registry was asked, before it answered. */
  readonly checkedAt: number;
  /** Milliseconds. */
  readonly freshFor: number;
}

type AnswerHeaders = RegistryAnswer['headers'];

/** Milliseconds. 0 if the registry does not say that its answer may be used again. */
export function freshTime(headers: AnswerHeaders): number {
  const directives = directivesIn(headers);
  if (directives.has('no-cache') || directives.has('no-store')) return 0;
  const times = ['max-age', 's-maxage'].flatMap((name) => secondsIn(directives.get(name)));
  // Other caches may have kept the answer for a while.
  const [age = 0] = secondsIn([headers['age']].flat()[0]);
  const seconds = times.length === 0 ? 0 : Math.min(...times) - age;
  return Math.min(Math.max(seconds * 1000, 0), FRESH_MAX);
}

/** Whether the registry allows caches to keep its answer. */
export function mayKeep(headers: AnswerHeaders): boolean {
  return !directivesIn(headers).has('no-store');
}

/** Until when archives of a document are sent without asking for it again, in milliseconds of `performance.now()`. */
export function untilOf({ checkedAt, freshFor }: DocumentTimes): number {
  const age = Date.now() - checkedAt;
  const left = Math.min(Math.max(freshFor - age, ARCHIVES_WITHIN), FRESH_MAX - age);
  return performance.now() + Math.max(left, ARCHIVES_MIN);
}

function directivesIn(headers: AnswerHeaders): ReadonlyMap<string, string | undefined> {
  const text = [headers['cache-control']].flat().join(',').toLowerCase();
  return new Map(
    text.split(',').map((part) => {
      const [name = '', value] = part.split('=', 2).map((word) => word.trim());
      return [name, value];
    }),
  );
}

function secondsIn(text: string | undefined): number[] {
  return /^"?\d{1,9}"?$/.test(text ?? '') ? [Number(text!.replaceAll('"', ''))] : [];
}
