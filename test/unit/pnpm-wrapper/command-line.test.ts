import { switchesGuardOff } from '@tarwarden/pnpm-wrapper';
import { describe, expect, test } from 'vitest';
import {
  bypassesHooks,
  choosesPnpmCheck,
  isLeadingOption,
  isLeftToNpm,
  mustBeGuarded,
} from '../../../packages/pnpm-wrapper/src/command-line.ts';

const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

describe('mustBeGuarded', () => {
  test.each([
    'install',
    'i',
    'add x',
    'update -g',
    '-r install',
    '--filter ls install',
    '-C root add x',
    'dlx x --version',
    'exec x -h',
    'run x --help',
    'create x',
    'store add x',
    'store --x add x',
    'unheard-of',
    '--unheard-of ls install',
    'rebuild',
    'fetch',
    'import',
    'patch x',
    'ls',
  ])('is true of %s', (line) => {
    expect(mustBeGuarded(words(line))).toBe(true);
  });

  test.each([
    '',
    '--version',
    '-v',
    '--help',
    'install --help',
    'help install',
    'root',
    '-r root',
    'config list',
    'store path',
    'store prune',
    '--dir x bin',
  ])('is false of "%s"', (line) => {
    expect(mustBeGuarded(words(line))).toBe(false);
  });
});

describe('switchesGuardOff', () => {
  test.each([
    'install --ignore-pnpmfile',
    '--ignore-pnpmfile install',
    'install --ignore-pnpmfile=true',
    'install --config.ignorePnpmfile=true',
    'install --config.ignore-pnpmfile',
    'install --global-pnpmfile=x',
    'install --global-pnpmfile x',
    'install --config.globalPnpmfile=x',
    'install --config.manage-package-manager-versions=true',
    'install --pm-on-fail=download',
    '--config.ignore-pnpmfile=true run x',
  ])('finds it in %s', (line) => {
    expect(switchesGuardOff(words(line))).toMatch(/pnpmfile|manage|pm-on-fail/i);
  });

  test.each([
    'install',
    'install --no-ignore-pnpmfile',
    'install --ignore-pnpmfile=false',
    'install --config.ignorePnpmfile=false',
    'install --pnpmfile=x.cjs',
    'install --pm-on-fail=ignore',
    'run x --ignore-pnpmfile',
    'exec tool --ignore-pnpmfile',
    'dlx tool --ignore-pnpmfile',
    'install -- --ignore-pnpmfile',
    'add ignore-pnpmfile',
  ])('does not find it in %s', (line) => {
    expect(switchesGuardOff(words(line))).toBeUndefined();
  });
});

test.each([
  ['self-update', true],
  ['self-update 10.0.0', true],
  ['env use --global 20', true],
  ['env --global use 20', true],
  ['env list', false],
  ['store add x', true],
  ['store --x add x', true],
  ['store prune', false],
  ['add --config x', true],
  ['-r add x --config', true],
  ['test --config x', false],
  ['run x --config', false],
  ['with 10.0.0 install', true],
  ['with current install', false],
  ['install self-update', false],
  ['run self-update', false],
])('bypassesHooks: %s', (line, expected) => {
  expect(bypassesHooks(words(line)) !== undefined).toBe(expected);
});

test('an option before the command is known to be pnpm’s, or not', () => {
  const read = (arg: string): string => {
    const { known, takesNext } = isLeadingOption(arg);
    return `${known ? 'known' : 'unknown'}${takesNext ? ', with the next' : ''}`;
  };
  expect(
    ['-r', '--filter', '--filter=x', '-C', '--config.x=y', '--pm-on-fail=warn'].map(read),
  ).toEqual(['known', 'known, with the next', 'known', 'known, with the next', 'known', 'known']);
  expect(['--prod', '-P', '--dev', '-D', '--no-optional', '--frozen-lockfile'].map(read)).toEqual(
    Array.from({ length: 6 }, () => 'known'),
  );
  expect(['--confine', '--confine=x', '--filtr', '-x', '--config.'].map(read)).toEqual(
    Array.from({ length: 5 }, () => 'unknown'),
  );
});

test('the user’s choice of what happens where a project wants another pnpm', () => {
  expect(choosesPnpmCheck(words('install --pm-on-fail=ignore'))).toBe(true);
  expect(choosesPnpmCheck(words('install --config.pmOnFail=warn'))).toBe(true);
  expect(choosesPnpmCheck(words('install'))).toBe(false);
  expect(choosesPnpmCheck(words('run x --pm-on-fail=ignore'))).toBe(false);
});

test('what pnpm 10 leaves to npm', () => {
  expect([['view', 'x'], ['install'], ['-r', 'view'], []].map(isLeftToNpm)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
