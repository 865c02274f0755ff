/* Clients of other ecosystems beside themselves under their guard: how long they take to start, and to install. */
import { contest, wallOf, wallRows, type Contender } from './contest.ts';
import type { Reading } from './measure.ts';
import type { Goal, Row } from './result.ts';
import { ratios, spread } from './stats.ts';

export const COLD: Goal = { of: 'ratio', most: 1.1 };
export const WARM: Goal = { of: 'ratio', most: 1.05 };
/** Milliseconds that a start may take longer. */
const STARTUP: Goal = { of: 'time', most: 150 };

/** Runs a client once, by itself or guarded. */
type Run = (guarded: boolean) => Promise<Reading>;

interface Named {
  readonly rounds: number;
  /** The measured command without the guard. */
  readonly bare: string;
}

/** Milliseconds that the guard adds to a command that does next to nothing. */
export async function startupRows({ bare, rounds }: Named, run: Run): Promise<Row[]> {
  const contenders: readonly Contender[] = [
    { name: bare, run: async () => run(false) },
    { name: 'guarded', run: async () => run(true) },
  ];
  const readings = await contest(contenders, rounds);
  const [own, base] = ['guarded', bare].map((name) => wallOf(readings.get(name) ?? []));
  const added = (own ?? []).map((value, round) => value - (base?.[round] ?? 0));
  return [
    {
      group: `added to ${bare}`,
      name: 'guarded',
      time: spread(added),
      unit: 'added ms',
      rounds,
      over: bare,
      ratio: ratios(own ?? [], base ?? []),
      goal: STARTUP,
    },
  ];
}

/** Installs, one after the other. */
export async function installRows(
  { bare, rounds, group, goal }: Named & { readonly group: string; readonly goal: Goal },
  run: Run,
): Promise<Row[]> {
  const contenders: readonly Contender[] = [
    { name: bare, run: async () => run(false) },
    { name: 'guarded', over: bare, run: async () => run(true) },
  ];
  const rows = wallRows(group, contenders, await contest(contenders, rounds));
  return rows.map((row) => (row.name === bare ? row : { ...row, goal }));
}
