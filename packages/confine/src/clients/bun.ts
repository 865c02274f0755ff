import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bunRoot } from '@tarwarden/clients/settings';
import { ConfineError } from '../paths.ts';
import {
  carried,
  has,
  optionValue,
  optionValues,
  type Client,
  type ClientStep,
  type Project,
} from './client.ts';

/** Options with code. All arguments behind them belong to the code. */
const EVALUATES = /^(?:--(?:eval|print)(?:=|$)|-[ep])/;

/** Options about places and targets. They hold for the second phase as well. */
const CARRIED = {
  withValue: '--cwd --omit --filter --linker --cpu --os',
  flags: '--production --silent --quiet --verbose --no-progress --no-summary',
};

/** bun copies each file. With a hard link, a script could change the file that the guard unpacked by its own path. */
const COPY = '--backend=copyfile';

export const bun: Client = {
  trusted: true,
  guardIsOutside: true,
  root: ({ cwd, args }) => rootOf(resolve(cwd, optionValue(args, '--cwd') ?? '.')),
  commands: {
    install: 'install i ci add a remove rm r uninstall update up',
    scripts: 'trust',
    refused: 'link unlink patch patch-commit upgrade dedupe audit-fix',
  },
  commandIn(args) {
    // bun takes the first argument that is not an option as the command, even if it is the value of an option.
    const commandIndex = args.findIndex((arg) => !/^-./.test(arg));
    if (commandIndex < 0 || args.slice(0, commandIndex).some((arg) => EVALUATES.test(arg)))
      return ['', args.length];
    const name = args[commandIndex]!;
    if (name === 'pm' && args[commandIndex + 1] === 'trust') return ['trust', commandIndex];
    if (name === 'audit' && args.includes('fix')) return ['audit-fix', commandIndex];
    return [name, commandIndex];
  },
  install,
};

export const bunx: Client = {
  programs: ['bunx', 'bun'],
  trusted: true,
  guardIsOutside: true,
  root: ({ cwd }) => rootOf(cwd),
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
  const [leading, [command = '', ...following]] = [args.slice(0, at), args.slice(at)];
  if (has(args, '--no-save'))
    throw new ConfineError(`"bun ${command} --no-save" cannot be split into downloads and scripts`);
  yield { args: [...leading, command, '--ignore-scripts', COPY, ...following], phase: 'fetch' };
  if (has(args, '--ignore-scripts', '--dry-run', '--lockfile-only')) return;
  const frozen = existsSync(join(root, 'bun.lock')) ? ['--frozen-lockfile'] : [];
  const filters = optionValues(args, '-F').map((filter) => `--filter=${filter}`);
  // Before the command, `-p` evaluates code.
  const production = has(following, '-p') ? ['--production'] : [];
  // bun has no command for the scripts that were left out. So all packages are installed once more from the inspected files.
  yield {
    args: [
      'install',
      ...frozen,
      '--offline',
      '--force',
      COPY,
      ...carried(args, CARRIED),
      ...filters,
      ...production,
    ],
    phase: 'scripts',
  };
}
