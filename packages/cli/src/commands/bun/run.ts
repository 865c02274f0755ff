import { Worker } from 'node:worker_threads';
import { runBun, type BunTool } from '@tarwarden/bun-wrapper';
import { bun as bunCommand, bunx as bunxCommand } from './definition.ts';
import { CONFINE_NAMES } from '../../pass-through/confined.ts';
import { findGuard } from '../../pass-through/guard-files.ts';
import { runClient, type Runner } from '../../pass-through/leading-options.ts';

const WITH_VALUE: ReadonlySet<string> = new Set(
  '--cwd -F --filter -r --preload --require --import --env-file --port -e --eval -p --print -d --define -l --loader --conditions --shell --title'.split(
    ' ',
  ),
);

const ALONE: ReadonlySet<string> = new Set(
  (
    '-v --version --revision -i --install --no-install --bun -b --silent --if-present --watch --hot --smol --inspect ' +
    '--inspect-wait --inspect-brk --prefer-offline --prefer-latest --no-env-file --no-orphans --workspaces --parallel --sequential'
  ).split(' '),
);

function isTheirs(arg: string): ReturnType<Runner['isTheirs']> {
  const name = arg.replace(/=.*/s, '');
  const takesNext = WITH_VALUE.has(arg);
  return { known: takesNext || WITH_VALUE.has(name) || ALONE.has(name), takesNext };
}

const BUN: Runner = {
  command: bunCommand,
  own: CONFINE_NAMES,
  isTheirs,
  hint: 'neither tarwarden nor bun is known to have it before a command: put it behind the command ("tarwarden bun install --production"), or all behind "--" ("tarwarden bun -- --option")',
};

const BUNX_WITH_VALUE: ReadonlySet<string> = new Set(['-p', '--package']);

const BUNX: Runner = {
  command: bunxCommand,
  own: CONFINE_NAMES,
  isTheirs: (arg) => ({
    known:
      BUNX_WITH_VALUE.has(arg.replace(/=.*/s, '')) ||
      ['--bun', '--silent', '--verbose', '--no-install'].includes(arg),
    takesNext: BUNX_WITH_VALUE.has(arg),
  }),
  hint: 'neither tarwarden nor bunx is known to have it; all behind "--" goes to bunx unseen ("tarwarden bunx -- --option package")',
};

/** `tarwarden bun …`: everything goes to bun. An unknown option before the command is an error. */
export async function bun(given: readonly string[], mainUrl: string): Promise<number> {
  return run(BUN, given, mainUrl);
}

/** `tarwarden bunx …`: everything goes to bunx. An unknown option before the package is an error. */
export async function bunx(given: readonly string[], mainUrl: string): Promise<number> {
  return run(BUNX, given, mainUrl);
}

async function run(runner: Runner, given: readonly string[], mainUrl: string): Promise<number> {
  const tool = runner.command.name as BunTool;
  return runClient(runner, given, mainUrl, async () => {
    const scannerPath = await findGuard('bun', mainUrl);
    const cwd = process.cwd();
    const startThread = (trees: string): Worker =>
      new Worker(new URL('./bun-thread.js', mainUrl), { workerData: trees });
    return {
      client: tool,
      run: async ({ args, env, confine, phase, temporary }) =>
        runBun(tool, args, {
          cwd,
          env,
          scannerPath,
          startThread,
          ...(confine !== undefined &&
            phase !== undefined &&
            temporary !== undefined && { confined: { confine, phase, temporary } }),
        }),
    };
  });
}
