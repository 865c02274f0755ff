import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { EXIT, fail, yarnOption } from '@tarwarden/guarded-run';
import {
  strangersFileRefusal,
  clientContext,
  yarnFoundFiles,
  yarnFoundProject,
} from '@tarwarden/settings';
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
  return runClient(YARN, given, mainUrl, async (args) => {
    const [pluginPath, preloadPath, npmPreloadPath] = await Promise.all([
      findGuard('yarn', mainUrl),
      findGuard('yarn-classic', mainUrl),
      findGuard('npm', mainUrl),
    ]);
    const refused = strangersFile(args);
    if (refused !== undefined) return fail(EXIT.UNSUPPORTED, refused);
    const guards = { pluginPath, preloadPath, npmPreloadPath };
    return {
      client: 'yarn',
      settle: (start) => kindOfYarn({ ...start, ...guards }),
      run: async ({ args: all, ...start }) => runYarn(all, { ...start, ...guards }),
    };
  });
}

/**
 * The reason why Yarn must not start: in a folder above the project, a file of another user decides what is installed. The
 * folder for temporary files counts too, because `yarn dlx` and the packing of a git dependency have their projects there. Yarn
 * 1's guard checks the files by itself.
 */
function strangersFile(args: readonly string[]): string | undefined {
  const named = args.flatMap((arg, at) => {
    if (arg === '--cwd') return args[at + 1] ?? [];
    if (arg.startsWith('--cwd=')) return arg.slice('--cwd='.length);
    return at === 0 && arg.includes('/') ? arg : [];
  });
  const refusals = ['.', ...named].map((folder) => {
    const where = clientContext({ folder: resolve(folder), env: process.env });
    return strangersFileRefusal('yarn', [...yarnFoundFiles(where), yarnFoundProject(where)], where);
  });
  const where = clientContext({ folder: tmpdir(), env: process.env });
  const advice = 'name another folder for temporary files, TMPDIR=<folder>';
  refusals.push(strangersFileRefusal('yarn', yarnFoundFiles(where), where, advice));
  return refusals.find((refusal) => refusal !== undefined);
}
