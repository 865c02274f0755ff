/** Ranges of OSV by their definition: a version is affected between where one begins and where it ends. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isInRange } from '../../packages/doctor/src/advisories/events.ts';
import type { RangeEvent } from '../../packages/doctor/src/advisories/record.ts';
import { comparatorOf } from '../../packages/doctor/src/advisories/versions.ts';

const compare = comparatorOf('npm');
const version = (n: number): string =>
  `${Math.floor(n / 100)}.${Math.floor(n / 10) % 10}.${n % 10}`;

/** Intervals that do not touch: where each begins, and the first or last version of its end. */
const intervals = fc
  .uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 12 })
  .map((points) => points.toSorted((a, b) => a - b))
  .map((points) =>
    points.flatMap((from, at) => (at % 2 === 0 ? [{ from, to: points[at + 1] ?? Infinity }] : [])),
  );

const eventsOf = (
  spans: readonly { from: number; to: number }[],
  includesEnd: boolean,
): RangeEvent[] =>
  spans.flatMap(({ from, to }) => [
    { introduced: version(from) },
    ...(to === Infinity
      ? []
      : [includesEnd ? { last_affected: version(to) } : { fixed: version(to) }]),
  ]);

it('a version is affected if it lies in an interval, in whatever order the events come', () => {
  fc.assert(
    fc.property(
      intervals.chain((spans) =>
        fc.boolean().chain((includesEnd) => {
          const events = eventsOf(spans, includesEnd);
          const shuffled = fc.shuffledSubarray(events, { minLength: events.length });
          return fc.tuple(fc.constant(spans), fc.constant(includesEnd), shuffled);
        }),
      ),
      fc.integer({ min: 0, max: 1000 }),
      ([spans, includesEnd, events], n) => {
        const inside = spans.some(({ from, to }) => n >= from && (includesEnd ? n <= to : n < to));
        expect(isInRange(version(n), events, { compare })).toBe(inside);
      },
    ),
  );
});
