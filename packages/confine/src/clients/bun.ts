import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { homeFolder } from '@tarwarden/host/home-folder';
import { bunRoot, bunUserFiles } from '@tarwarden/settings';
import { ConfineError } from '../refusal.ts';
import {
  has,
  valueOf,
  valuesOf,
  type Call,
  type Client,
  type Project,
  type Step,
} from './client.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const INSTALLS = words('install i ci add a remove rm r uninstall update up');
/** What installs between two other things, or writes where programs are looked for. */
const NEITHER = words('link unlink patch patch-commit upgrade dedupe');

/** Code in the command line: whatever comes behind it is for that. */
const EVALUATES = /^(?:--(?:eval|print)(?:=|$)|-[ep])/;

/** Options that say where and for whom, and hold for the second phase as well. */
const CARRIED_WITH_VALUE = ['--cwd', '--omit', '--filter', '--linker', '--cpu', '--os'];
const CARRIED = [
  '--production',
  '--silent',
  '--quiet',
  '--verbose',
  '--no-progress',
  '--no-summary',
];

/** Copies, and no second name for what the guard has unpacked: a script could change that by its own path. */
const COPY = '--backend=copyfile';

export const bun: Client = {
  trusted: true,
  guardIsOutside: true,
  root: ({ cwd, args }) => rootOf(resolve(cwd, valueOf(args, '--cwd') ?? '.')),
  folders: () => [],
  *steps(project) {
    const { args } = project;
    // bun takes the first that is no option for the command, also where it is the value of one.
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

/** @throws ConfineError if it is not known, because a package.json cannot be read. */
function rootOf(folder: string): string {
  try {
    return bunRoot(folder);
  } catch (error) {
    throw new ConfineError((error as Error).message);
  }
}

function* install({ args, root }: Project, at: number): Generator<Step> {
  const [command = '', ...rest] = args.slice(at);
  yield {
    args: [...args.slice(0, at), command, '--ignore-scripts', COPY, ...rest],
    phase: 'fetch',
  };
  if (has(args, '--ignore-scripts', '--dry-run', '--lockfile-only')) return;
  const frozen = existsSync(join(root, 'bun.lock')) ? ['--frozen-lockfile'] : [];
  // It has no command for the scripts that were left out: all is installed once more, from what was inspected.
  yield {
    args: ['install', ...frozen, '--offline', '--force', COPY, ...carriedOptions(args, rest)],
    phase: 'scripts',
  };
}

function carriedOptions(args: readonly string[], rest: readonly string[]): string[] {
  const own = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
  // bun takes some of them more than once.
  return [
    ...CARRIED_WITH_VALUE.flatMap((name) => valuesOf(args, name).map((one) => `${name}=${one}`)),
    ...valuesOf(args, '-F').map((one) => `--filter=${one}`),
    ...CARRIED.filter((name) => has(args, name)),
    ...(own.includes('-p') ? ['--production'] : []),
  ];
}

/** The file of npm's settings that bun reads for the user. */
export function bunUserConfig({ env }: Pick<Call, 'env'>): string {
  const { npmrc } = bunUserFiles({ env, folder: '.', platform: process.platform });
  return npmrc ?? join(homeFolder(env), '.npmrc');
}
