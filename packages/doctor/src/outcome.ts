import type { Examination } from './examine.ts';
import { URGENCIES, type Hole, type Urgency } from './hole.ts';

/** `none` where no hole is to fail. */
export type FailOn = Urgency | 'none';

/** 1 for an open hole that is urgent enough, or one that was seen; else 2 where something is unknown or could not be looked at. */
export function exitCodeOf({ holes, problems, probe }: Examination, failOn: FailOn): 0 | 1 | 2 {
  // What was seen to write outside its folder needs no record, and no urgency.
  const probed = probe?.results ?? [];
  if (probed.some(({ escaped }) => escaped.length > 0)) return 1;
  const counting = holes.filter((hole) => counts(hole, failOn));
  if (counting.some(({ state }) => state === 'open')) return 1;
  const unseen = probed.some(({ tried }) => !tried);
  return counting.length > 0 || problems.length > 0 || unseen ? 2 : 0;
}

function counts({ urgency }: Hole, failOn: FailOn): boolean {
  return failOn !== 'none' && URGENCIES.indexOf(urgency) <= URGENCIES.indexOf(failOn);
}
