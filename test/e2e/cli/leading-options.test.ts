/** What comes before a manager's command: ours, the manager's where that is ordinary, or a mistake. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { repository } from '../../support/managers.ts';
import { makeSandbox } from '../../support/sandbox.ts';

const TARWARDEN = join(repository, 'packages/cli/bin/tarwarden.js');

const sandbox = freshEach(() => makeSandbox());
beforeEach(() => {
  const folder = join(sandbox.root, 'fakes');
  mkdirSync(folder);
  // Each prints the arguments that are not the guard's; none loads a guard, so that success becomes 98.
  for (const name of ['npm', 'npx', 'pnpm', 'yarn']) {
    const lines = [
      '#!/bin/sh',
      `[ "$#" = 1 ] && [ "$1" = --version ] && [ ${name} = pnpm ] && { echo 11.0.0; exit; }`,
      `[ "$1" = --version ] && [ ${name} = yarn ] && { echo 4.0.0; exit; }`,
      'for arg; do case "$arg" in --config.*) ;; *) printf "[%s]" "$arg" ;; esac; done',
    ];
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    chmodSync(join(folder, name), 0o755);
  }
});

const run = async (...args: string[]): Promise<Result> => {
  const PATH = `${join(sandbox.root, 'fakes')}:${sandbox.env['PATH'] ?? ''}`;
  const env = { ...sandbox.env, PATH };
  return execute(process.execPath, [TARWARDEN, ...args], { cwd: sandbox.project, env });
};

describe('an unknown option before the command', () => {
  it.each([
    [['npm', '--strict', 'ci'], '"--strict"', 'tarwarden npm ci --prefix x'],
    [['npm', '--strict=yes', 'ci'], '"--strict"', 'tarwarden npm -- --prefix x ci'],
    [['npm', '--prefix', 'x', 'ci'], '"--prefix"', 'tarwarden npm -- --prefix x ci'],
    [['npm', '--prefix=x', 'ci'], '"--prefix"', 'behind the command'],
    [['npm', '-C', 'dir', 'ci'], '"-C"', 'behind the command'],
    [['npm', '-g', 'install', 'x'], '"-g"', 'behind the command'],
    [['npm', '--print-enw'], '"--print-enw"', 'did you mean "--print-env"?'],
    [['npx', '--strict', 'cowsay'], '"--strict"', 'tarwarden npx -- --option package'],
    [['npx', '-y', '--strict', 'cowsay'], '"--strict"', 'npx'],
    [['pnpm', '--strict', 'install'], '"--strict"', 'tarwarden pnpm install --option'],
    [['pnpm', '-r', '--strict', 'install'], '"--strict"', 'pnpm'],
    [['yarn', '--strict', 'add', 'x'], '"--strict"', 'tarwarden yarn install --option'],
    [['pnpx', '--strict', 'cowsay'], '"--strict"', 'tarwarden pnpx -- --option package'],
  ])('%j is an error', async (args, name, hint) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`unknown option ${name}`);
    expect(stderr).toContain(hint);
    expect(stderr).toContain(`Try: tarwarden ${args[0] ?? ''} --help`);
  });
});

describe('what the manager is given', () => {
  it.each([
    [['npm', 'ci', '--strict'], '[ci][--strict]'],
    [['npm', '--', '--strict', 'ci'], '[--strict][ci]'],
    [['npm', '--version'], '[--version]'],
    [['npm', '-v'], '[-v]'],
    [['npm'], ''],
    [['npm', 'run', 'x', '--', '--y'], '[run][x][--][--y]'],
    [['npx', '-y', 'cowsay', '--strict'], '[-y][cowsay][--strict]'],
    [['npx', '--yes', '-p', 'x', '--package=y', 'z'], '[--yes][-p][x][--package=y][z]'],
    [['npx', '-c', '--strict'], '[-c][--strict]'],
    [['npx', '--', '--strict'], '[--strict]'],
    [['pnpm', '-r', '--filter', 'x', 'add', 'y'], '[-r][--filter][x][add][y]'],
    [['pnpm', 'install', '--strict'], '[install][--strict]'],
    [['pnpm', '--', '--strict', 'install'], '[--strict][install]'],
    [['yarn', '--cwd', 'x', 'add', '--strict'], '[--cwd][x][add][--strict]'],
    [['yarn', '--no-progress', 'install'], '[--no-progress][install]'],
    [['yarn', '-s', '--cache-folder', 'x', 'add', 'y'], '[-s][--cache-folder][x][add][y]'],
    [['yarn', '--mutex=network', '--frozen-lockfile'], '[--mutex=network][--frozen-lockfile]'],
    [['yarn', '--production', 'false', 'install'], '[--production][false][install]'],
    [['yarn', '--', '--strict'], '[--strict]'],
    [['yarn'], ''],
    [['pnpx', '--package', 'x', 'y', '--strict'], '[dlx][--package][x][y][--strict]'],
  ])('%j', async (args, given) => {
    expect((await run(...args)).stdout).toBe(given);
  });
});

describe('--help before the command', () => {
  it.each(['npm', 'npx', 'pnpm', 'pnpx', 'yarn'])(
    'is ours for %s, and names the manager’s',
    async (name) => {
      const { code, stdout } = await run(name, '--help');
      expect(code).toBe(0);
      expect(stdout).toContain(`tarwarden ${name} [--] `);
      expect(stdout).toContain(`tarwarden ${name} -- --help`);
      expect((await run(name, '--', '--help')).stdout).toContain('[--help]');
    },
  );
});
