import { quote } from '@tarwarden/core/text';
import { EXIT, isShim } from '@tarwarden/guard/run';
import type { Trial } from './environment.ts';
import { archiveTrial, type Manager } from './managers.ts';
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

/** The remedy for a manager that is not guarded. Undefined if there is nothing to do. */
export function trialRemedy(conclusion: Conclusion, trial: Trial): string | undefined {
  const { manager, programs } = trial;
  switch (conclusion.reason) {
    case 'refused':
      return undefined;
    case 'not-found':
      return `install ${manager}, or leave it out of --manager`;
    case 'timed-out':
    case 'failed':
    case 'clean-failed':
      return `correct the problem that ${manager} reports, and verify again. Until then, it is not known whether ${manager} is guarded`;
    case 'success-after-refusal':
      return `call ${manager} so that its exit code is kept (no "|| true" around it, no wrapper that drops the code)`;
    case 'report-only':
      return 'take "mode": "report" out of your own policy file when you want the guard to refuse packages';
    case 'installed':
    case 'not-loaded':
      return behindShim(programs) ?? unguarded(trial);
  }
}

/** The step with which a user guards every call of a manager. */
function setupOf(manager: Manager): string {
  const options = `--manager ${manager}`;
  return `run "tarwarden setup ${options}"; in an image, run "tarwarden shims DIR ${options}" and put DIR first on the PATH`;
}

function behindShim(programs: readonly string[]): string | undefined {
  const [first = ''] = programs;
  const shim = programs.find((program) => isShim(program));
  if (shim === undefined || shim === first) return undefined;
  return `${quote(first)} comes before the guarded ${quote(shim)} on the PATH: put that folder first, after every step that adds to the PATH`;
}

function unguarded(trial: Trial): string {
  if (trial.manager === 'pnpm') return unguardedPnpm(trial);
  if (trial.manager === 'yarn') return UNGUARDED_YARN;
  if (trial.manager === 'bun' || archiveTrial(trial.manager) !== undefined)
    return unguardedOther(trial);
  const { manager, env, programs } = trial;
  const options = env['NODE_OPTIONS'] ?? '';
  if (/preload\.cjs/.test(options))
    return `NODE_OPTIONS names the guard, and ${quote(programs[0] ?? manager)} did not load it: it clears the variable, or Node does not run it. Use the shims of tarwarden instead: ${setupOf(manager)}`;
  const github =
    env['GITHUB_ACTIONS'] === 'true'
      ? " (GitHub's runner takes no NODE_OPTIONS from $GITHUB_ENV)"
      : '';
  return `NODE_OPTIONS does not name the guard${github}, and no shim of tarwarden is first on the PATH. Run "tarwarden ${manager} …". To guard plain ${manager}, ${setupOf(manager)}`;
}

function unguardedOther({ manager, programs }: Trial): string {
  return `no shim of tarwarden starts ${quote(programs[0] ?? manager)}. Run "tarwarden ${manager} …". To guard plain ${manager}, ${setupOf(manager)}. The shims have to come before the programs of a virtual environment or a version manager`;
}

const IGNORING = /^p?npm_config_ignore_pnpmfile$/i;

function unguardedPnpm({ env }: Trial): string {
  const ignored = Object.entries(env).find(
    ([name, value]) => IGNORING.test(name) && value !== 'false' && value !== '',
  );
  const instead = `You can run "tarwarden pnpm …", or let a shim start plain pnpm: no setting takes the guard out of these. For a shim, ${setupOf('pnpm')}`;
  if (ignored !== undefined)
    return `the variable ${ignored[0]} keeps pnpm from loading any pnpmfile: take it away. ${instead}`;
  return `no pnpmfile that pnpm loads here contains the guard of this release. If there is one, look for ignorePnpmfile, pnpmfile and lockfileDir in pnpm-workspace.yaml and .npmrc. ${instead}`;
}

const UNGUARDED_YARN = `no .yarnrc.yml that Yarn reads here names a plugin with the guard of this release. For Yarn 3 and 4, run "tarwarden init". If the plugin is there, check whether yarnPath or YARN_IGNORE_PATH chooses another Yarn. Or let a shim start plain yarn, which is the only way for Yarn 1: ${setupOf('yarn')}`;
