import { yarnOption } from '@tarwarden/guarded-run';
import { yarn as yarnCommand } from '../commands/yarn.ts';
import { CONFINE_NAMES, readConfine, runConfinable } from '../pass-through/confined.ts';
import { findGuard } from '../pass-through/guard-files.ts';
import { readLeading, showHelp, type Runner } from '../pass-through/leading-options.ts';
import { kindOfYarn, runYarn } from './run-yarn.ts';

const YARN: Runner = {
  command: yarnCommand,
  own: CONFINE_NAMES,
  isTheirs: yarnOption,
  hint: 'neither tarwarden nor yarn is known to have it before a command: put it behind the command ("tarwarden yarn install --option"), or all behind "--" ("tarwarden yarn -- --option")',
};

/** `tarwarden yarn …`: everything goes to Yarn, unless an option before the command is not known to be its own. */
export async function yarn(given: readonly string[], mainUrl: string): Promise<number> {
  const { options, rest } = readConfine('yarn', given);
  const reading = readLeading(YARN, rest);
  if (reading.help) return showHelp(YARN);
  const [pluginPath, preloadPath, npmPreloadPath] = await Promise.all([
    findGuard('yarn', mainUrl),
    findGuard('yarn-classic', mainUrl),
    findGuard('npm', mainUrl),
  ]);
  const guards = { pluginPath, preloadPath, npmPreloadPath };
  return runConfinable({
    client: 'yarn',
    options,
    args: reading.args,
    mainUrl,
    settle: (how) => kindOfYarn({ ...how, ...guards }),
    run: async ({ args, ...how }) => runYarn(args, { ...how, ...guards }),
  });
}
