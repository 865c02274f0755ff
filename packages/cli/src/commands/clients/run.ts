/* Runs the real package managers with their guards. A command loads the guard of its own client alone. */
import { Worker } from 'node:worker_threads';
import { quote, shellWord } from '@tarwarden/core/text';
import type { BunTool } from '@tarwarden/bun-wrapper';
import { yarnOption } from '@tarwarden/clients/yarn/command-line';
import { type Described, type PassOn, write, UsageError } from '@tarwarden/guard/command-line';
import type { NpmTool } from '@tarwarden/npm-wrapper';
import type { PipTool } from '@tarwarden/pip-gem-hooks/pip';
import type { RubyTool } from '@tarwarden/pip-gem-hooks/ruby';
import { findGuard } from '../../pass-through/guard-files.ts';
import {
  runClient,
  showHelp,
  type Runner,
  type StartedClient,
} from '../../pass-through/leading-options.ts';
import * as definitions from './definition.ts';
import { PRINT_ENV_OPTIONS } from './definition.ts';

/** Reads options before a command: names that take the next argument as their value, and others, as words. */
function optionsOf(withValue: string, alone: string): NonNullable<Runner['isTheirs']> {
  const [valued, plainOptions] = [new Set(withValue.split(' ')), new Set(alone.split(' '))];
  return (arg) => {
    const name = arg.replace(/=.*/s, '');
    return { known: valued.has(name) || plainOptions.has(name), takesNext: valued.has(arg) };
  };
}

/** A client whose command comes behind its own options. */
function beforeCommand(
  command: Described,
  isTheirs: NonNullable<Runner['isTheirs']>,
  example: string = 'install --option',
): Runner {
  const { name } = command;
  const hint = `neither tarwarden nor ${name} is known to have it before a command: put it behind the command ("tarwarden ${name} ${example}"), or all behind "--" ("tarwarden ${name} -- --option")`;
  return { command, isTheirs, hint };
}

/** A client that runs a package, which comes behind its own options. */
function beforePackage(command: Described, isTheirs: NonNullable<Runner['isTheirs']>): Runner {
  const { name } = command;
  const hint = `neither tarwarden nor ${name} is known to have it; all behind "--" goes to ${name} unseen ("tarwarden ${name} -- --option package")`;
  return { command, isTheirs, hint };
}

function passOn(runner: Runner, start: (mainUrl: string) => Promise<StartedClient>): PassOn {
  return async (userArgs, mainUrl) =>
    runClient(runner, userArgs, mainUrl, async () => start(mainUrl));
}

const PRINT_ENV = '--print-env';

/** npm takes its options anywhere. Behind npm's command, an option cannot be one of ours. */
const NPM: Runner = {
  command: definitions.npm,
  own: [PRINT_ENV],
  isTheirs: (arg) => ({ known: arg === '--version' || arg === '-v', takesNext: false }),
  hint: `options before npm's command are tarwarden's: put npm's own behind the command ("tarwarden npm ci --prefix x"), or behind "--" ("tarwarden npm -- --prefix x ci")`,
};

const NPX = beforePackage(
  definitions.npx,
  optionsOf(
    '-p --package -c --call -w --workspace --registry --prefix --cache --userconfig ' +
      '--loglevel --node-options --script-shell',
    '-y --yes --no --no-install -ws --workspaces --include-workspace-root -q --quiet -s ' +
      '--silent -d --verbose --offline --prefer-offline --prefer-online --ignore-scripts ' +
      '--legacy-peer-deps --force -f --version -v --ignore-existing --no-audit --no-fund ' +
      '--no-workspaces --color --no-color',
  ),
);

export const npm: PassOn = async (userArgs, mainUrl) =>
  userArgs[0] === PRINT_ENV
    ? printEnv(userArgs, mainUrl)
    : runClient(NPM, userArgs, mainUrl, async () => startNpm('npm', mainUrl));

export const npx = passOn(NPX, async (url) => startNpm('npx', url));

async function startNpm(client: NpmTool, mainUrl: string): Promise<StartedClient> {
  const { runNpm } = await import('@tarwarden/npm-wrapper');
  const preloadPath = await findGuard('npm', mainUrl);
  return {
    client,
    run: async ({ args, ...start }) => runNpm(client, args, { ...start, preloadPath }),
  };
}

async function npmGuard(env: NodeJS.ProcessEnv, mainUrl: string): Promise<Record<string, string>> {
  const { preloadEnvironment } = await import('@tarwarden/guard/run');
  return { ...preloadEnvironment(env, await findGuard('npm', mainUrl)) };
}

async function printEnv(args: readonly string[], mainUrl: string): Promise<number> {
  const { parse } = await import('@tarwarden/guard/command-line/parse');
  const parsed = parse({ ...definitions.npm, options: PRINT_ENV_OPTIONS }, args);
  if ('help' in parsed) return showHelp(NPM);
  const { shell } = parsed.values;
  if (shell === 'github')
    throw new UsageError(
      "GitHub's runner takes no NODE_OPTIONS from $GITHUB_ENV, so that later steps would not be guarded. Instead: tarwarden setup --manager npm",
      'npm',
    );
  await write(printVariables(Object.entries(await npmGuard(process.env, mainUrl)), shell));
  return 0;
}

/** Variables as lines that a shell or an env file takes. */
export function printVariables(
  variables: readonly (readonly [name: string, value: string])[],
  shell: 'posix' | 'powershell' | 'dotenv',
): string {
  const lines = variables.map(([name, value]) => {
    if (/[\r\n\0]/.test(value)) throw new RangeError(`${name} holds a line end`);
    if (shell === 'posix') return `export ${name}=${shellWord(value)}\n`;
    return shell === 'dotenv'
      ? `${name}=${value}\n`
      : `$env:${name} = '${value.replaceAll("'", "''")}'\n`;
  });
  return lines.join('');
}

export const pnpm: PassOn = async (userArgs, mainUrl) => runPnpmCommand('pnpm', userArgs, mainUrl);
/** `tarwarden pnpx …` is `tarwarden pnpm dlx …`. */
export const pnpx: PassOn = async (userArgs, mainUrl) => runPnpmCommand('pnpx', userArgs, mainUrl);

async function runPnpmCommand(
  tool: 'pnpm' | 'pnpx',
  userArgs: readonly string[],
  mainUrl: string,
): Promise<number> {
  const [{ runPnpm }, { isLeadingPnpmOption, switchesGuardOff, withColorValue }] =
    await Promise.all([
      import('@tarwarden/pnpm-hook/wrapper'),
      import('@tarwarden/clients/pnpm/command-line'),
    ]);
  const ofPnpx = optionsOf('--package --allow-build --cpu --os --libc', '-c --shell-mode');
  const runner =
    tool === 'pnpm'
      ? beforeCommand(definitions.pnpm, isLeadingPnpmOption)
      : beforePackage(definitions.pnpx, (arg) => {
          const option = ofPnpx(arg);
          return option.known ? option : isLeadingPnpmOption(arg);
        });
  return runClient(runner, userArgs, mainUrl, async (readArgs) => {
    const args = tool === 'pnpx' ? ['dlx', ...readArgs] : withColorValue(readArgs);
    const off = switchesGuardOff(args);
    if (off !== undefined)
      throw new UsageError(
        `${quote(off)} would take the guard out of pnpm; leave it out, or write "pnpm run" or "pnpm exec" where it is a script's or a program's, or run pnpm itself`,
        tool,
      );
    const hookPath = await findGuard('pnpm', mainUrl);
    // Only publishing with pnpm 10 needs the guard of npm.
    const guards = { hookPath, npmGuard: async (env: NodeJS.ProcessEnv) => npmGuard(env, mainUrl) };
    return {
      client: 'pnpm',
      args,
      run: async ({ args: pnpmArgs, ...start }) =>
        runPnpm('pnpm', pnpmArgs, { ...start, ...guards }),
    };
  });
}

export const yarn = passOn(beforeCommand(definitions.yarn, yarnOption), async (mainUrl) => {
  const { kindOfYarn, runYarn } = await import('./run-yarn.ts');
  const [pluginPath, preloadPath, npmPreloadPath] = await Promise.all([
    findGuard('yarn', mainUrl),
    findGuard('yarn-classic', mainUrl),
    findGuard('npm', mainUrl),
  ]);
  const guards = { pluginPath, preloadPath, npmPreloadPath };
  return {
    client: 'yarn',
    settle: (start) => kindOfYarn({ ...start, ...guards }),
    run: async ({ args, ...start }) => runYarn(args, { ...start, ...guards }),
  };
});

const BUN = beforeCommand(
  definitions.bun,
  optionsOf(
    '--cwd -F --filter -r --preload --require --import --env-file --port -e --eval -p --print -d --define -l --loader --conditions ' +
      '--shell --title',
    '-v --version --revision -i --install --no-install --bun -b --silent --if-present --watch --hot --smol --inspect ' +
      '--inspect-wait --inspect-brk --prefer-offline --prefer-latest --no-env-file --no-orphans --workspaces --parallel --sequential',
  ),
  'install --production',
);
const BUNX = beforePackage(
  definitions.bunx,
  optionsOf('-p --package', '--bun --silent --verbose --no-install'),
);

export const bun = passOn(BUN, async (url) => startBun('bun', url));
export const bunx = passOn(BUNX, async (url) => startBun('bunx', url));

async function startBun(client: BunTool, mainUrl: string): Promise<StartedClient> {
  const { runBun } = await import('@tarwarden/bun-wrapper');
  const scannerPath = await findGuard('bun', mainUrl);
  const startThread = (trees: string): Worker =>
    new Worker(new URL('./bun-thread.js', mainUrl), { workerData: trees });
  return {
    client,
    run: async ({ args, env, confine, phase, temporary }) =>
      runBun(client, args, {
        cwd: process.cwd(),
        env,
        scannerPath,
        startThread,
        ...(confine !== undefined &&
          phase !== undefined &&
          temporary !== undefined && { confined: { confine, phase, temporary } }),
      }),
  };
}

const GO = beforeCommand(
  definitions.go,
  (arg) => ({ known: /^--?C(?:=.*)?$/s.test(arg), takesNext: /^--?C$/.test(arg) }),
  'build -v',
);

export const go = passOn(GO, async () => {
  const { runGo } = await import('@tarwarden/go-gateway');
  return {
    client: 'go',
    run: async ({ args, ...start }) => runGo(args, { ...start, cwd: process.cwd() }),
  };
});

async function startPip(client: PipTool, mainUrl: string): Promise<StartedClient> {
  const { runPip } = await import('@tarwarden/pip-gem-hooks/pip');
  const hookOptions = { cwd: process.cwd(), guardPath: await findGuard('pip', mainUrl) };
  return {
    client,
    run: async ({ args, ...start }) => runPip(client, args, { ...start, ...hookOptions }),
  };
}

function pipCommand(command: Described, client: 'pip' | 'pip3'): PassOn {
  return async (userArgs, mainUrl) => {
    const { isLeadingPipOption } = await import('@tarwarden/clients/python/command-line');
    const runner = beforeCommand(command, isLeadingPipOption);
    return passOn(runner, async (url) => startPip(client, url))(userArgs, mainUrl);
  };
}

export const pip: PassOn = pipCommand(definitions.pip, 'pip');
export const pip3: PassOn = pipCommand(definitions.pip3, 'pip3');

export const python = passOn({ command: definitions.python }, async (url) =>
  startPip('python', url),
);
export const python3 = passOn({ command: definitions.python3 }, async (url) =>
  startPip('python3', url),
);
export const gem = passOn({ command: definitions.gem }, async (url) => startRuby('gem', url));
export const bundle = passOn({ command: definitions.bundle }, async (url) =>
  startRuby('bundle', url),
);

async function startRuby(client: RubyTool, mainUrl: string): Promise<StartedClient> {
  const { runRuby } = await import('@tarwarden/pip-gem-hooks/ruby');
  const hookOptions = { cwd: process.cwd(), guardPath: await findGuard('ruby', mainUrl) };
  return {
    client,
    run: async ({ args, ...start }) => runRuby(client, args, { ...start, ...hookOptions }),
  };
}
