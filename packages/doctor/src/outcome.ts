import { plural } from '@tarwarden/core/text';
import type { Examination } from './examine.ts';
import { isIdle, URGENCIES, type Hole, type Urgency } from './hole.ts';

/** `none`: no hole changes the exit code. */
export type FailOn = Urgency | 'none';

/** The options that decide the exit code, together with the findings. */
export interface Demands {
  readonly failOn: FailOn;
  /** A hole counts if it is not known to be fixed. */
  readonly strict: boolean;
}

export interface DoctorOutcome {
  readonly code: 0 | 1 | 2;
  /** The cause, after "exit 1 because", and what changes it. One line. */
  readonly reason: string;
}

/**
 * 1 for an open hole that is urgent enough, for an archive that escaped in a trial, and for a manager that ran unguarded in a trial. Else
 * 2 if something could not be examined. Holes that the version does not decide count only with `strict`: distributions fix programs under
 * the same version, and their users can only update. Settings of the managers are advice, and do not count.
 */
export function doctorOutcome(examination: Examination, demands: Demands): DoctorOutcome {
  const { failOn, strict } = demands;
  const { probe, guards = [] } = examination;
  const holes = examination.holes.filter((hole) => !isIdle(hole));
  const problems = examination.problems.filter(({ idle }) => idle !== true);
  // A program that wrote outside its folder fails, whatever the records say.
  const probed = probe?.results ?? [];
  const escaped = probed.filter((result) => result.escaped.length > 0).length;
  const unguarded = guards.filter(({ state }) => state === 'unguarded').length;
  const counting = holes.filter((hole) => counts(hole, failOn));
  const open = counting.filter(({ state }) => state === 'open');
  const bad = [
    ...(open.length > 0
      ? [`${plural(open.length, 'known hole')} ${are(open.length)} open (${fewer(open)})`]
      : []),
    ...(escaped > 0 ? [`${plural(escaped, 'program')} wrote outside the folder in a trial`] : []),
    ...(unguarded > 0 ? [`${plural(unguarded, 'manager')} ran unguarded in a trial`] : []),
  ];
  if (bad.length > 0) return { code: 1, reason: bad.join(', and ') };
  const untried =
    probed.filter(({ tried }) => !tried).length +
    guards.filter(({ state }) => state === 'unproven').length;
  const unseen = problems.length + untried;
  const unknown = strict ? counting.length : 0;
  const unsure = [
    ...(unseen > 0 ? [`${plural(unseen, 'thing')} could not be looked at`] : []),
    ...(unknown > 0
      ? [
          `--strict was given, and it is unknown whether ${plural(unknown, 'hole')} ${are(unknown)} fixed`,
        ]
      : []),
  ];
  if (unsure.length > 0) {
    const hint = 'In a scheduled job, --since FILE lets only what is new count';
    return { code: 2, reason: `${unsure.join(', and ')}. ${hint}` };
  }
  return { code: 0, reason: calm(examination, holes, failOn) };
}

/** Names the holes that do not count, and the option with which they do. */
function calm({ holes: all }: Examination, holes: readonly Hole[], failOn: FailOn): string {
  const open = holes.filter(({ state }) => state === 'open').length;
  const unknown = holes.length - open;
  const idle = all.filter((hole) => isIdle(hole) && hole.state === 'open').length;
  const parts = [
    ...(open > 0
      ? [
          `${plural(open, 'known hole')} ${are(open)} ${failOn === 'none' ? 'open' : `less urgent than --fail-on ${failOn} asks for`}`,
        ]
      : []),
    ...(unknown > 0 ? [`${plural(unknown, 'hole')} may be fixed (--strict counts them)`] : []),
    ...(idle > 0
      ? [
          `${plural(idle, 'hole')} ${are(idle)} in programs that nothing here uses (--machine counts them)`,
        ]
      : []),
  ];
  const start = open > 0 && failOn === 'none' ? '--fail-on none was given' : 'no hole counts';
  return parts.length === 0 ? 'no hole is known' : `${start}: ${parts.join(', ')}`;
}

/** The option with which an open hole would not count. */
function fewer(open: readonly Hole[]): string {
  const worst = URGENCIES.find((urgency) => open.some((hole) => hole.urgency === urgency));
  const higher = worst === undefined ? -1 : URGENCIES.indexOf(worst) - 1;
  return `--fail-on ${URGENCIES[higher] ?? 'none'} would not count ${open.length === 1 ? 'it' : 'them'}`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function counts({ urgency }: Hole, failOn: FailOn): boolean {
  return failOn !== 'none' && URGENCIES.indexOf(urgency) <= URGENCIES.indexOf(failOn);
}
