import { describe, expect, it } from 'vitest';
import {
  bunPublishes,
  readCommand,
  type BunTool,
} from '../../../packages/clients/src/bun/command-line.ts';

/** What a command line says, without what it does not say. */
const readBy = (tool: BunTool, args: string[]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(readCommand(tool, args)).filter(([, value]) =>
      Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false,
    ),
  );
const read = (...args: string[]) => readBy('bun', args);

describe('readCommand', () => {
  it.each(['install', 'i', 'ci', 'add', 'update'])(
    '%s installs what it has to ask about',
    (name) => {
      expect(read(name, 'x')).toEqual({ kind: 'install', demand: true });
      expect(read(name, '--help')).toEqual({ kind: 'plain' });
    },
  );

  it('need not ask in a dry run', () => {
    expect(read('install', '--dry-run')).toEqual({ kind: 'install' });
    expect(read('add', 'x', '--', '--dry-run')).toHaveProperty('demand');
  });

  it('reads the registry that it names', () => {
    expect(read('install', '--registry', 'https://r.example')).toHaveProperty(
      'registry',
      'https://r.example',
    );
    expect(read('run', 'dev', '--registry=x')).not.toHaveProperty('registry');
  });

  it('sees that other platforms are asked for', () => {
    expect(read('install', '--os', 'darwin')).toHaveProperty('otherPlatforms', true);
    expect(read('install', '--cpu=*')).toHaveProperty('otherPlatforms', true);
    expect(read('add', 'x', '--', '--os')).not.toHaveProperty('otherPlatforms');
  });

  it.each(['remove', 'link', 'patch', 'init', 'dedupe'])('%s may install', (name) => {
    expect(read(name, 'x')).toEqual({ kind: 'install' });
  });

  it.each([
    [['add', '-g', 'x'], 'global'],
    [['install', '--global', 'x'], 'global'],
    [['add', 'x', '--', '-g'], 'install'],
    [['x', 'program', '-g', '--config=x'], 'bunx'],
    [['create', 'app'], 'bunx'],
    [['create', '@scope/app'], 'bunx'],
    [['create', './template'], 'bunx'],
    [['run', 'dev', '--config', 'x'], 'run'],
    [['script.ts', '--backend', 'symlink'], 'run'],
    [['test'], 'run'],
    [['-e', 'import "x"'], 'run'],
    [['-eimport "x"'], 'run'],
    [['--eval=import "x"'], 'run'],
    [['--print', 'require("x")'], 'run'],
    [['--smol', '-p', 'require("x")'], 'run'],
    [['-e', '1', 'install'], 'run'],
    [['-'], 'run'],
    [['publish'], 'run'],
    [['pack'], 'run'],
    [['pm', 'pack'], 'run'],
    [['pm', '--cwd', 'there', 'version', 'patch'], 'run'],
    [['pm', 'scan'], 'run'],
    [['pm'], 'plain'],
    [['pm', 'ls'], 'plain'],
    [['pm', 'trust', 'x'], 'install'],
    [['outdated'], 'plain'],
    [['audit'], 'plain'],
    [['audit', 'fix'], 'install'],
    [['audit', '--audit-level', 'high', 'fix', '--latest'], 'install'],
    [['audit', 'fix', '--help'], 'plain'],
    [['-d', 'install'], 'install'],
    [['-d', 'add', 'x'], 'install'],
    [['-l', 'audit', 'fix'], 'install'],
    [['-d', 'x', 'install'], 'bunx'],
    [['--cwd', 'there', 'add', '-g', 'x'], 'global'],
    [['--version'], 'plain'],
    [[], 'plain'],
  ])('%j: %s', (args, kind) => {
    expect(read(...args).kind).toBe(kind);
  });

  it('finds the command behind options, and their values', () => {
    expect(read('--cwd', 'there', '--silent', 'install')).toEqual({
      kind: 'install',
      demand: true,
      folder: 'there',
    });
    expect(read('--cwd=there', 'install').folder).toBe('there');
    expect(read('install', '--cwd', 'there').folder).toBe('there');
    expect(read('run', 'x', '--cwd', 'there')).not.toHaveProperty('folder');
    expect(read('install', '--offline').offline).toBe(true);
    expect(read('add', 'x', '--registry=https://r.example/x').registry).toBe('https://r.example/x');
    expect(read('run', 'x', '--registry', 'y')).not.toHaveProperty('registry');
  });

  it.each([
    [['install', '-c', 'x.toml'], /another bunfig/],
    [['install', '-c=x.toml'], /another bunfig/],
    [['--config=x.toml', 'install'], /another bunfig/],
    [['add', 'x', '--config', 'x.toml'], /another bunfig/],
    [['--config=x.toml', 'x', 'program'], /another bunfig/],
    [['install', '--backend=symlink'], /--backend symlink/],
    [['install', '--backend', 'symlink'], /--backend symlink/],
    [['add', 'x', '--no-verify'], /--no-verify/],
    [['--env-file=.env.ci', 'install'], /reads no .env file/],
    [['create', 'owner/repo', 'there'], /bun create/],
    [['create', 'https://github.com/owner/repo'], /bun create/],
    [['upgrade'], /bun upgrade/],
    [['pm', 'fetch'], /bun pm fetch/],
    [['pm', '--silent', 'fetch'], /bun pm fetch/],
  ])('%j cannot be guarded', (args, why) => {
    expect(read(...args).refused).toMatch(why);
  });

  it('knows that create may copy a template of the project', () => {
    for (const name of ['create', 'c'])
      expect(read(name, 'app', 'there')).toEqual({ kind: 'bunx', copiesTemplate: true });
    expect(read('x', 'create-app')).toEqual({ kind: 'bunx' });
  });

  it('knows whom the command line trusts', () => {
    expect(read('install', '--ca', 'one', '--ca=two', '--cafile', 'x.pem')).toMatchObject({
      ca: ['one', 'two'],
      cafile: 'x.pem',
    });
    expect(read('run', 'x', '--cafile=x.pem')).toEqual({ kind: 'run' });
  });

  it('takes everything behind bunx for the program', () => {
    expect(readBy('bunx', ['install', '--config=x'])).toEqual({ kind: 'bunx' });
  });
});

it.each([
  [true, ['publish']],
  [true, ['--cwd', 'sub', 'publish']],
  [false, ['publish', '--help']],
  [false, ['run', 'publish']],
  [false, ['add', 'publish']],
  [false, []],
])('%s: bun %s publishes', (expected, args) => {
  expect(bunPublishes(args)).toBe(expected);
});
