/** Ranges of OSV by their definition: a version is affected between where one begins and where it ends. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isInRange } from '../../packages/doctor/src/advisories/matching.ts';
import type { RangeEvent } from '../../packages/doctor/src/advisories/record.ts';

const version = (n: number): string =>
  `${Math.floor(n / 100)}.${Math.floor(n / 10) % 10}.${n % 10}`;

/** Intervals that do not touch: where each begins, and the first version after it. */
const intervals = fc
  .uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 12 })
  .map((points) => points.toSorted((a, b) => a - b))
  .map((points) =>
    points.flatMap((from, at) => (at % 2 === 0 ? [{ from, to: points[at + 1] ?? Infinity }] : [])),
  );

const eventsOf = (spans: readonly { from: number; to: number }[]): RangeEvent[] =>
  spans.flatMap(({ from, to }) => [
    { introduced: version(from) },
    ...(to === Infinity ? [] : [{ fixed: version(to) }]),
  ]);

it('a version is affected if it lies in an interval', () => {
  fc.assert(
    fc.property(intervals, fc.integer({ min: 0, max: 1000 }), (spans, n) => {
      const inside = spans.some(({ from, to }) => n >= from && n < to);
      const component = { ecosystem: 'npm', version: version(n) } as const;
      expect(isInRange(component, eventsOf(spans))).toBe(inside);
    }),
  );
});
