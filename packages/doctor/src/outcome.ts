import type { Examination } from './examine.ts';
import { URGENCIES, type Hole, type Urgency } from './hole.ts';

/** `none`: no hole changes the exit code. */
export type FailOn = Urgency | 'none';

/** The options that decide the exit code, together with the findings. */
export interface Demands {
  readonly failOn: FailOn;
  /** A hole counts if it is not known to be fixed. */
  readonly strict: boolean;
}

/**
 * 1 for an open hole that is urgent enough, for an archive that escaped in a trial, and for a manager that ran unguarded in a trial. Else
 * 2 if something could not be examined. Holes that the version does not decide count only with `strict`: distributions fix programs under
 * the same version, and their users can only update. Settings of the managers are advice, and do not count.
 */
export function doctorExitCode(
  { holes, problems, probe, guards = [] }: Examination,
  { failOn, strict }: Demands,
): 0 | 1 | 2 {
  // A program that wrote outside its folder fails, whatever the records say.
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

/** Explains the exit code 2 to the user. */
export const UNKNOWN_HINT: string =
  'exit code 2: no hole is known to be open, and some of the above was not looked at, or is not known. ' +
  'In a scheduled job, --since FILE lets only what is new count';
