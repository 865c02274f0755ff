import { randomUUID } from 'node:crypto';
import { openStatus, PNPM_STATUS } from '@tarwarden/guarded-run';
import { listingEnvironment, type TrialPlace } from './environment.ts';
import { runTyped, type Run } from './run-typed.ts';
import type { ProjectContext, Taken } from './taken.ts';
import { unproven, type Conclusion } from './verdict.ts';

/**
 * Asks pnpm itself whether it loads the guard in the user's project: `pnpm list` loads the same pnpmfiles as an install, and
 * resolves and links nothing. The trial project gets the guard that reported, and a conclusion is returned if none did.
 */
export async function pnpmGuard(
  { cwd, env }: ProjectContext,
  taken: Taken,
  place: TrialPlace,
): Promise<{ taken: Taken; conclusion?: Conclusion; output?: string }> {
  const status = openStatus();
  try {
    const nonce = randomUUID();
    const channel = { [PNPM_STATUS.file]: status.file, [PNPM_STATUS.nonce]: nonce };
    const own = listingEnvironment(env, place);
    // pnpm 11 and 12 would download the version that package.json names, or write the present one into the lockfile.
    const asked = { pnpm_config_pm_on_fail: 'error', ...own };
    // pnpm 10 does not end after it where it makes its store first, for config dependencies.
    const until = /^\d+\.\d+\.\d+\S*\r?\n/;
    const check = await runTyped('pnpm', ['--version'], { cwd, env: asked, until });
    const listing = { ...own, ...channel, pnpm_config_pm_on_fail: 'ignore' };
    const run =
      check.code === 0
        ? await runTyped('pnpm', ['list', '--depth=-1'], { cwd, env: listing })
        : check;
    const file = status
      .read()
      .flatMap((event) => (event.event === 'armed' && event.nonce === nonce ? [event.pnpm] : []))
      .at(-1);
    if (file === undefined || run.code !== 0)
      return { taken, conclusion: withoutGuard(run), output: run.output };
    const pnpmfile = `module.exports = require(${JSON.stringify(file)});\n`;
    return { taken: { ...taken, files: { ...taken.files, '.pnpmfile.cjs': pnpmfile } } };
  } finally {
    status.dispose();
  }
}

function withoutGuard({ code, timedOut }: Run): Conclusion {
  if (timedOut) return unproven('timed-out', 'pnpm did not end, and was stopped');
  if (code !== 0)
    return unproven('failed', `pnpm failed by itself in this project, exit code ${String(code)}`);
  return {
    status: 'unguarded',
    reason: 'not-loaded',
    message: 'pnpm is UNGUARDED: it loads no guard in this project',
  };
}
