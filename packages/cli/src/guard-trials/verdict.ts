import { EXIT } from '@tarwarden/guarded-run';
import type { Manager } from './managers.ts';
import type { Run } from './run-typed.ts';

/** The result of one install. */
export interface Tried extends Run {
  /** The package is in its place, or its command was run. */
  readonly installed: boolean;
  /** The guard itself reported that it refuses this package. */
  readonly refused: boolean;
}

/**
 * `guarded`: the guard refused the canary, and the clean package was installed. `unguarded`: the canary was installed, or would be.
 * `unproven`: neither was seen.
 */
export type Status = 'guarded' | 'unguarded' | 'unproven';

/** The reasons are part of the API. */
export type Reason =
  | 'refused'
  | 'installed'
  | 'report-only'
  | 'success-after-refusal'
  | 'failed'
  | 'clean-failed'
  | 'timed-out'
  | 'not-found'
  | 'not-loaded';

export interface Conclusion {
  readonly status: Status;
  readonly reason: Reason;
  /** One line for people. */
  readonly message: string;
}

export function concludeTrial(
  manager: Manager,
  canary: Tried,
  clean: Tried | undefined,
): Conclusion {
  if (canary.timedOut || clean?.timedOut === true)
    return unproven('timed-out', `${manager} did not end, and was stopped`);
  // The guard ran, and let the package pass. Another program gains nothing by printing this line.
  if (canary.installed && canary.output.includes('tarwarden: REPORT ONLY')) {
    return {
      status: 'unguarded',
      reason: 'report-only',
      message: `${manager} runs UNGUARDED (report only): its guard says what it would refuse, and lets it be installed`,
    };
  }
  if (canary.installed) {
    return {
      status: 'unguarded',
      reason: 'installed',
      message: `${manager} ran UNGUARDED: it installed a package that has to be refused`,
    };
  }
  if (!canary.refused)
    return unproven('failed', `${manager} failed by itself, ${codeOf(canary)}${because(canary)}`);
  if (canary.code === 0) {
    return {
      status: 'unguarded',
      reason: 'success-after-refusal',
      message: `the guard refused the package, and ${manager} ended with exit code 0 all the same: whatever comes next goes on`,
    };
  }
  if (clean === undefined || clean.code !== 0 || !clean.installed)
    return unproven(
      'clean-failed',
      `${manager} refused the package that has to be refused, and did not install the clean one either${clean === undefined ? '' : `, ${codeOf(clean)}`}`,
    );
  return {
    status: 'guarded',
    reason: 'refused',
    message: `${manager} is guarded: one package was refused, a clean one installed`,
  };
}

export function unproven(reason: Reason, message: string): Conclusion {
  return { status: 'unproven', reason, message };
}

function codeOf({ code }: Tried): string {
  return code === null ? 'ended by a signal' : `exit code ${code}`;
}

/** The exit codes of tarwarden's own commands explain more than a failure. */
function because({ code }: Tried): string {
  if (code === EXIT.UNSUPPORTED) return ': it cannot be guarded as it is, and was not run';
  return code === EXIT.UNCHECKED ? ': it ran, and the guard was not in it' : '';
}
