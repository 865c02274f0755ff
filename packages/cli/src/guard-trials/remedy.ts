import { quote } from '@tarwarden/core/text';
import { isShim } from '@tarwarden/guarded-run';
import { archiveTrial, type Manager } from './managers.ts';
import type { Taken } from './taken.ts';
import type { Conclusion } from './verdict.ts';

/** The facts about a manager, beside the conclusion. */
export interface Circumstances {
  readonly manager: Manager;
  /** Programs of its name on the PATH, in order. */
  readonly programs: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly taken: Taken;
}

/** The remedy for a manager that is not guarded. Undefined if there is nothing to do. */
export function trialRemedy(conclusion: Conclusion, facts: Circumstances): string | undefined {
  const { manager, programs } = facts;
  switch (conclusion.reason) {
    case 'refused':
      return undefined;
    case 'not-found':
      return `install ${manager}, or leave it out of --manager`;
    case 'settings-elsewhere':
      return `take the setting out, or have ${manager} started by tarwarden: ${setupOf(manager)}`;
    case 'other-version':
      return `install that pnpm, or name the one that is here in package.json`;
    case 'timed-out':
    case 'failed':
    case 'clean-failed':
      return `mend what ${manager} says, and verify again; until then its installs are not known to be guarded`;
    case 'success-after-refusal':
      return `call ${manager} so that its exit code is kept (no "|| true" around it, no wrapper that drops the code)`;
    case 'report-only':
      return 'take "mode": "report" out of your own policy file, once the reports are as you want them';
    case 'installed':
      return behindShim(programs) ?? unguarded(facts);
  }
}

/** How the user has every call of a manager guarded. */
function setupOf(manager: Manager): string {
  const options = `--manager ${manager}`;
  return `run "tarwarden setup ${options}", or in an image "tarwarden shims DIR ${options}" with DIR first on the PATH`;
}

function behindShim(programs: readonly string[]): string | undefined {
  const [first = ''] = programs;
  const shim = programs.find((program) => isShim(program));
  if (shim === undefined || shim === first) return undefined;
  return `${quote(first)} comes before the guarded ${quote(shim)} on the PATH: put that folder first, after every step that adds to the PATH`;
}

function unguarded(facts: Circumstances): string {
  if (facts.manager === 'pnpm') return unguardedPnpm(facts);
  if (facts.manager === 'yarn') return unguardedYarn(facts);
  if (facts.manager === 'bun' || archiveTrial(facts.manager) !== undefined)
    return unguardedOther(facts);
  const { manager, env, programs } = facts;
  const options = env['NODE_OPTIONS'] ?? '';
  if (/preload\.cjs/.test(options))
    return `NODE_OPTIONS names the guard, and ${quote(programs[0] ?? manager)} did not load it: it clears the variable, or is not run by Node. Instead, ${setupOf(manager)}`;
  const github =
    env['GITHUB_ACTIONS'] === 'true'
      ? " (GitHub's runner takes no NODE_OPTIONS from $GITHUB_ENV)"
      : '';
  return `NODE_OPTIONS does not name the guard${github}, and no shim of tarwarden is first on the PATH. Run "tarwarden ${manager} …"; or for plain ${manager}, ${setupOf(manager)}`;
}

function unguardedOther({ manager, programs }: Circumstances): string {
  return `${quote(programs[0] ?? manager)} is run as it is. Run "tarwarden ${manager} …"; or for plain ${manager}, ${setupOf(manager)}. The shims have to come before a virtual environment that is activated, and before the shims of a version manager`;
}

const IGNORING = /^p?npm_config_ignore_pnpmfile$/i;

function unguardedPnpm({ env, taken }: Circumstances): string {
  const ignored = Object.entries(env).find(
    ([name, value]) => IGNORING.test(name) && value !== 'false' && value !== '',
  );
  const files = Object.entries(taken.files).filter(([, text]) => /ignore-?pnpmfile/i.test(text));
  const instead = `Run "tarwarden pnpm …", which no setting takes the guard out of; or for plain pnpm, ${setupOf('pnpm')}`;
  if (ignored !== undefined)
    return `the variable ${ignored[0]} keeps pnpm from loading any pnpmfile: take it away. ${instead}`;
  if (files.length > 0)
    return `ignorePnpmfile in ${files.map(([name]) => name).join(', ')} keeps pnpm from loading any pnpmfile: take it out. ${instead}`;
  return `no pnpmfile that pnpm loads here is the guard. ${instead}`;
}

function unguardedYarn({ taken }: Circumstances): string {
  const rc = Object.entries(taken.files).find(
    ([name]) => !/^(?:package\.json|yarn\.lock|\.yarnrc)$/.test(name),
  );
  if (rc === undefined || !/plugin-tarwarden/.test(rc[1]))
    return `no .yarnrc.yml here names the plugin: yarn plugin import <plugin-tarwarden.cjs>, and tarwardenRequired: true; or for plain yarn, ${setupOf('yarn')}, which is the only way for Yarn 1`;
  return 'a .yarnrc.yml here names the plugin, and this Yarn did not load it: is it Yarn 1, or one that yarnPath or YARN_IGNORE_PATH chose?';
}
