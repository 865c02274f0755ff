import { quote } from '@tarwarden/core/text';
import {
  implicitScript,
  isLeadingPnpmOption,
  runPnpm,
  switchesGuardOff,
  withColorValue,
} from '@tarwarden/pnpm-hook/wrapper';
import { pnpm as pnpmCommand, pnpx as pnpxCommand } from './definition.ts';
import { CONFINE_NAMES } from '../../pass-through/confined.ts';
import { findGuard } from '../../pass-through/guard-files.ts';
import { runClient, type Runner } from '../../pass-through/leading-options.ts';
import { UsageError } from '@tarwarden/host/command-line';

const PNPM: Runner = {
  command: pnpmCommand,
  own: CONFINE_NAMES,
  isTheirs: isLeadingPnpmOption,
  hint: 'neither tarwarden nor pnpm is known to have it before a command: put it behind the command ("tarwarden pnpm install --option"), or all behind "--" ("tarwarden pnpm -- --option install")',
};

const PNPX_WITH_VALUE: ReadonlySet<string> = new Set(
  '--package --allow-build --cpu --os --libc'.split(' '),
);
const PNPX_ALONE: ReadonlySet<string> = new Set(['-c', '--shell-mode']);

const PNPX: Runner = {
  command: pnpxCommand,
  own: CONFINE_NAMES,
  isTheirs(arg) {
    const name = arg.replace(/=.*/s, '');
    if (PNPX_ALONE.has(name)) return { known: true, takesNext: false };
    if (PNPX_WITH_VALUE.has(name)) return { known: true, takesNext: name === arg };
    return isLeadingPnpmOption(arg);
  },
  hint: 'neither tarwarden nor pnpx is known to have it; all behind "--" goes to pnpx unseen ("tarwarden pnpx -- --option package")',
};

/** `tarwarden pnpm …`: everything goes to pnpm. An unknown option before the command is an error. */
export async function pnpm(args: readonly string[], mainUrl: string): Promise<number> {
  return run(PNPM, args, mainUrl);
}

/** `tarwarden pnpx …`, which is `tarwarden pnpm dlx …`. */
export async function pnpx(args: readonly string[], mainUrl: string): Promise<number> {
  return run(PNPX, args, mainUrl);
}

async function run(runner: Runner, given: readonly string[], mainUrl: string): Promise<number> {
  return runClient(runner, given, mainUrl, async (read) => {
    const args = runner === PNPX ? ['dlx', ...read] : await spelledOut(read);
    const off = switchesGuardOff(args);
    if (off !== undefined) {
      throw new UsageError(
        `${quote(off)} would take the guard out of pnpm; leave it out, or write "pnpm run" or "pnpm exec" where it is a script's or a program's, or run pnpm itself`,
        runner.command.name,
      );
    }
    const hookPath = await findGuard('pnpm', mainUrl);
    return {
      client: 'pnpm',
      args,
      run: async ({ args: all, ...start }) =>
        runPnpm('pnpm', all, {
          ...start,
          hookPath,
          npmGuard: async (env) => npmGuard(env, mainUrl),
        }),
    };
  });
}

/** The variables that load npm's guard. Only publishing with pnpm 10 needs them. */
async function npmGuard(env: NodeJS.ProcessEnv, mainUrl: string): Promise<NodeJS.ProcessEnv> {
  const { npmGuardEnvironment } = await import('@tarwarden/npm-wrapper');
  return { ...npmGuardEnvironment({ env, preloadPath: await findGuard('npm', mainUrl) }) };
}

/** The command line as every pnpm reads it. It gets `run` if an option of a script looks like an option that is refused. */
async function spelledOut(given: readonly string[]): Promise<readonly string[]> {
  const args = withColorValue(given);
  const script = implicitScript(args);
  if (script === undefined || switchesGuardOff(args) === undefined) return args;
  const { hasScript } = await import('./scripts.ts');
  return hasScript(script.name, script.dir ?? '.') ? script.args : args;
}
