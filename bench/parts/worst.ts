import { writeFileSync } from 'node:fs';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';
import { spread } from '../stats.ts';
import { randomOf } from '../worst/genome.ts';
import { allowedMs, search, weigh, type Worst } from '../worst/search.ts';
import { FAMILIES } from '../worst/shapes.ts';

/** The archives that cost most of those that a search finds, family by family. */
export function worst({ rounds, minutes, seed, found }: Context): Promise<Row[]> {
  const random = randomOf(seed);
  const names = Object.keys(FAMILIES);
  const each = (minutes * 60_000) / names.length;
  const all: Record<string, Worst> = {};
  const rows = names.flatMap((name) => {
    const family = FAMILIES[name]!;
    const best = search(family, { until: performance.now() + each, random });
    if (best === undefined) return [];
    all[name] = best;
    const times = Array.from(
      { length: rounds },
      () => weigh(family, best.genome, best.tried)!.milliseconds,
    );
    const what = `${name}: ${(best.bytes / 1000).toFixed(0)} kB, ${best.status}, of ${best.tried}`;
    return [rowOf(what, times, family.explained ? undefined : best.bytes)];
  });
  if (found !== undefined) writeFileSync(found, `${JSON.stringify(all, null, 2)}\n`);
  else console.log(JSON.stringify(all, null, 2));
  return Promise.resolve(rows);
}

function rowOf(name: string, times: readonly number[], bytes: number | undefined): Row {
  return {
    group: 'the most expensive archives of up to 2 MiB',
    name,
    time: spread(times),
    unit: 'cpu ms',
    rounds: times.length,
    ...(bytes !== undefined && { goal: { of: 'time', most: Math.round(allowedMs(bytes)) } }),
  };
}
