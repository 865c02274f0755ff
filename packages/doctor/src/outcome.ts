import { plural } from '@tarwarden/core/text';
import type { Examination } from './examine.ts';
import { URGENCIES, type Urgency } from './hole.ts';

/** `none`: no hole changes the exit code. */
export type FailOn = Urgency | 'none';

export interface DoctorOutcome {
  readonly code: 0 | 1 | 2;
  /** The cause, after "exit 1 because". */
  readonly reason: string;
}

/**
 * 1 for an open hole that is urgent enough, else 2 if something could not be examined. Holes that the version does not decide do not
 * count: distributions fix programs under the same version, and their users can only update.
 */
export function doctorOutcome(
  { holes, problems }: Examination,
  { failOn }: { readonly failOn: FailOn },
): DoctorOutcome {
  const open = holes.filter(({ state }) => state === 'open');
  const urgent = open.filter(
    ({ urgency }) => failOn !== 'none' && URGENCIES.indexOf(urgency) <= URGENCIES.indexOf(failOn),
  );
  if (urgent.length > 0)
    return { code: 1, reason: `${plural(urgent.length, 'known hole')} ${are(urgent.length)} open` };
  if (problems.length > 0)
    return { code: 2, reason: `${plural(problems.length, 'thing')} could not be examined` };
  const unknown = holes.length - open.length;
  if (open.length > 0) return { code: 0, reason: `--fail-on ${failOn} counts no hole` };
  return {
    code: 0,
    reason: unknown > 0 ? `${plural(unknown, 'hole')} may be fixed` : 'no hole is known',
  };
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}
