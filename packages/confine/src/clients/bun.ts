import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { homeFolder } from '@tarwarden/host/home-folder';
import { bunRoot, bunUserFiles } from '@tarwarden/settings';
import { ConfineError } from '../refusal.ts';
import {
  has,
  valueOf,
  valuesOf,
  type ClientCall,
  type Client,
  type Project,
  type ClientStep,
} from './client.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const INSTALLS = words('install i ci add a remove rm r uninstall update up');
/** These commands install between two other steps, or write to the folders of programs on the PATH. */
const NEITHER = words('link unlink patch patch-commit upgrade dedupe');

/** Options with code. All arguments behind them belong to the code. */
const EVALUATES = /^(?:--(?:eval|print)(?:=|$)|-[ep])/;

/** Options about places and targets. They hold for the second phase as well. */
const CARRIED_WITH_VALUE = ['--cwd', '--omit', '--filter', '--linker', '--cpu', '--os'];
const CARRIED = [
  '--production',
  '--silent',
  '--quiet',
  '--verbose',
  '--no-progress',
  '--no-summary',
];

/** bun copies each file. With a hard link, a script could change the file that the guard unpacked by its own path. */
const COPY = '--backend=copyfile';

export const bun: Client = {
  trusted: true,
  guardIsOutside: true,
  root: ({ cwd, args }) => rootOf(resolve(cwd, valueOf(args, '--cwd') ?? '.')),
  folders: () => [],
  *steps(project) {
    const { args } = project;
    // bun takes the first argument that is not an option as the command, even if it is the value of an option.
    const first = args.findIndex((arg) => !/^-./.test(arg));
    const at =
      first < 0 || args.slice(0, first).some((arg) => EVALUATES.test(arg)) ? args.length : first;
    const command = args[at] ?? '';
    const isInstall = INSTALLS.has(command);
    if (isInstall && has(args, '-g', '--global'))
      throw new ConfineError(
        'a global install writes where programs are looked for; it cannot be confined',
      );
    if (command === 'audit' && args.includes('fix'))
      throw new ConfineError('"bun audit fix" cannot be split into downloads and scripts');
    if (NEITHER.has(command) || (isInstall && has(args, '--no-save')))
      throw new ConfineError(
        `"bun ${isInstall ? `${command} --no-save` : command}" cannot be split into downloads and scripts`,
      );
    if (isInstall) yield* install(project, at);
    else if (command === 'pm' && args[at + 1] === 'trust') yield { args, phase: 'scripts' };
    else yield { args, phase: 'whole' };
  },
};

export const bunx: Client = {
  programs: ['bunx', 'bun'],
  trusted: true,
  guardIsOutside: true,
  root: ({ cwd }) => rootOf(cwd),
  folders: () => [],
  *steps({ args }) {
    yield { args, phase: 'whole' };
  },
};

/** @throws ConfineError if a package.json cannot be read, so that the packages are not known. */
function rootOf(folder: string): string {
  try {
    return bunRoot(folder);
  } catch (error) {
    throw new ConfineError((error as Error).message);
  }
}

function* install({ args, root }: Project, at: number): Generator<ClientStep> {
  const [command = '', ...rest] = args.slice(at);
  yield {
    args: [...args.slice(0, at), command, '--ignore-scripts', COPY, ...rest],
    phase: 'fetch',
  };
  if (has(args, '--ignore-scripts', '--dry-run', '--lockfile-only')) return;
  const frozen = existsSync(join(root, 'bun.lock')) ? ['--frozen-lockfile'] : [];
  // bun has no command for the scripts that were left out. So all packages are installed once more from the inspected files.
  yield {
    args: ['install', ...frozen, '--offline', '--force', COPY, ...carriedOptions(args, rest)],
    phase: 'scripts',
  };
}

function carriedOptions(args: readonly string[], rest: readonly string[]): string[] {
  const own = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
  // bun accepts some of these options several times.
  return [
    ...CARRIED_WITH_VALUE.flatMap((name) =>
      valuesOf(args, name).map((value) => `${name}=${value}`),
    ),
    ...valuesOf(args, '-F').map((filter) => `--filter=${filter}`),
    ...CARRIED.filter((name) => has(args, name)),
    ...(own.includes('-p') ? ['--production'] : []),
  ];
}

/** The file from which bun reads the user's npm settings. */
export function bunUserConfig({ env }: Pick<ClientCall, 'env'>): string {
  const { npmrc } = bunUserFiles({ env, folder: '.', platform: process.platform });
  return npmrc ?? join(homeFolder(env), '.npmrc');
}
