import type { Examination } from './examine.ts';
import { URGENCIES, type Hole, type Urgency } from './hole.ts';

/** `none` where no hole is to fail. */
export type FailOn = Urgency | 'none';

/** The options that decide the exit code, together with the findings. */
export interface Demands {
  readonly failOn: FailOn;
  /** Whether it has to be known of every hole that it is fixed. */
  readonly strict: boolean;
}

/**
 * 1 for an open hole that is urgent enough, or one that was seen, or a manager that ran unguarded in a trial; else 2 where something could
 * not be looked at. A hole that the version alone does not decide about counts only where that is demanded: a distribution mends its
 * programs under the same version, and its user can do no more than update. Defences of the managers are advice, and count for nothing.
 */
export function doctorExitCode(
  { holes, problems, probe, guards = [] }: Examination,
  { failOn, strict }: Demands,
): 0 | 1 | 2 {
  // What was seen to write outside its folder needs no record, and no urgency.
  const probed = probe?.results ?? [];
  if (probed.some(({ escaped }) => escaped.length > 0)) return 1;
  if (guards.some(({ state }) => state === 'unguarded')) return 1;
  const counting = holes.filter((hole) => counts(hole, failOn));
  if (counting.some(({ state }) => state === 'open')) return 1;
  const unseen =
    probed.some(({ tried }) => !tried) || guards.some(({ state }) => state === 'unproven');
  const isUnknown = strict && counting.length > 0;
  return isUnknown || problems.length > 0 || unseen ? 2 : 0;
}

function counts({ urgency }: Hole, failOn: FailOn): boolean {
  return failOn !== 'none' && URGENCIES.indexOf(urgency) <= URGENCIES.indexOf(failOn);
}

/** What to do about an exit code of 2, for people. */
export const UNKNOWN_HINT: string =
  'exit code 2: no hole is known to be open, and some of the above was not looked at, or is not known. ' +
  'In a scheduled job, --since FILE lets only what is new count';
