import { yarnOption } from '@tarwarden/guarded-run';
import { yarn as yarnCommand } from './definition.ts';
import { CONFINE_NAMES } from '../../pass-through/confined.ts';
import { findGuard } from '../../pass-through/guard-files.ts';
import { runClient, type Runner } from '../../pass-through/leading-options.ts';
import { kindOfYarn, runYarn } from './run-yarn.ts';

const YARN: Runner = {
  command: yarnCommand,
  own: CONFINE_NAMES,
  isTheirs: yarnOption,
  hint: 'neither tarwarden nor yarn is known to have it before a command: put it behind the command ("tarwarden yarn install --option"), or all behind "--" ("tarwarden yarn -- --option")',
};

/** `tarwarden yarn …`: everything goes to Yarn. An unknown option before the command is an error. */
export async function yarn(given: readonly string[], mainUrl: string): Promise<number> {
  return runClient(YARN, given, mainUrl, async () => {
    const [pluginPath, preloadPath, npmPreloadPath] = await Promise.all([
      findGuard('yarn', mainUrl),
      findGuard('yarn-classic', mainUrl),
      findGuard('npm', mainUrl),
    ]);
    const guards = { pluginPath, preloadPath, npmPreloadPath };
    return {
      client: 'yarn',
      settle: (start) => kindOfYarn({ ...start, ...guards }),
      run: async ({ args: all, ...start }) => runYarn(all, { ...start, ...guards }),
    };
  });
}
