import { npmGuardEnvironment, runNpm, type NpmTool } from '@tarwarden/npm-wrapper';
import { PRINT_ENV_OPTIONS, npm as npmCommand, npx as npxCommand } from './definition.ts';
import { write, UsageError } from '@tarwarden/host/command-line';
import { CONFINE_NAMES } from '../../pass-through/confined.ts';
import { findGuard } from '../../pass-through/guard-files.ts';
import { runClient, showHelp, type Runner } from '../../pass-through/leading-options.ts';
import { printVariables } from './print-env.ts';

const PRINT_ENV = '--print-env';

/** npm takes its options anywhere. Behind npm's command, an option cannot be one of ours. */
const NPM: Runner = {
  command: npmCommand,
  own: [PRINT_ENV, ...CONFINE_NAMES],
  isTheirs: (arg) => ({ known: arg === '--version' || arg === '-v', takesNext: false }),
  hint: `options before npm's command are tarwarden's: put npm's own behind the command ("tarwarden npm ci --prefix x"), or behind "--" ("tarwarden npm -- --prefix x ci")`,
};

const NPX_WITH_VALUE: ReadonlySet<string> = new Set(
  (
    '-p --package -c --call -w --workspace --registry --prefix --cache --userconfig ' +
    '--loglevel --node-options --script-shell'
  ).split(' '),
);

const NPX_ALONE: ReadonlySet<string> = new Set(
  (
    '-y --yes --no --no-install -ws --workspaces --include-workspace-root -q --quiet -s ' +
    '--silent -d --verbose --offline --prefer-offline --prefer-online --ignore-scripts ' +
    '--legacy-peer-deps --force -f --version -v --ignore-existing --no-audit --no-fund ' +
    '--no-workspaces --color --no-color'
  ).split(' '),
);

/** npx takes its options before the package, so the known ones go to npx. */
const NPX: Runner = {
  command: npxCommand,
  own: CONFINE_NAMES,
  isTheirs(arg) {
    const name = arg.replace(/=.*/s, '');
    const takesNext = NPX_WITH_VALUE.has(arg);
    return { known: takesNext || NPX_WITH_VALUE.has(name) || NPX_ALONE.has(name), takesNext };
  },
  hint: 'neither tarwarden nor npx is known to have it; all behind "--" goes to npx unseen ("tarwarden npx -- --option package")',
};

/** `tarwarden npm …`: options before npm's command are ours. Everything else goes to npm unchanged. */
export async function npm(args: readonly string[], mainUrl: string): Promise<number> {
  if (args[0] === PRINT_ENV) return printEnv(args, mainUrl);
  return run(NPM, args, mainUrl);
}

/** `tarwarden npx …`: everything goes to npx. An unknown option before the package is an error. */
export async function npx(args: readonly string[], mainUrl: string): Promise<number> {
  return run(NPX, args, mainUrl);
}

async function run(runner: Runner, given: readonly string[], mainUrl: string): Promise<number> {
  const client = runner.command.name as NpmTool;
  return runClient(runner, given, mainUrl, async () => {
    const preloadPath = await findGuard('npm', mainUrl);
    return {
      client,
      run: async ({ args, ...start }) => runNpm(client, args, { ...start, preloadPath }),
    };
  });
}

async function printEnv(args: readonly string[], mainUrl: string): Promise<number> {
  const { parse } = await import('@tarwarden/host/command-line/parse');
  const parsed = parse({ ...npmCommand, options: PRINT_ENV_OPTIONS }, args);
  if ('help' in parsed) return showHelp(NPM);
  const { shell } = parsed.values;
  if (shell === 'github')
    throw new UsageError(
      "GitHub's runner takes no NODE_OPTIONS from $GITHUB_ENV, so that later steps would not be guarded. Instead: tarwarden setup --manager npm",
      'npm',
    );
  const preloadPath = await findGuard('npm', mainUrl);
  const variables = npmGuardEnvironment({ env: process.env, preloadPath });
  await write(printVariables(Object.entries(variables), shell));
  return 0;
}
