import {
  implicitScript,
  switchesGuardOff,
  withColorValue,
} from '../../../../packages/pnpm-hook/src/wrapper/index.ts';
import { describe, expect, test } from 'vitest';
import { mustBeGuarded } from '../../../../packages/pnpm-hook/src/wrapper/command-line.ts';

const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

describe('withColorValue', () => {
  test.each([
    ['--color install', '--color=always install'],
    ['--color', '--color=always'],
    ['-r --dir x --color exec y --color', '-r --dir x --color=always exec y --color'],
    ['--color -r x', '--color=always -r x'],
    ['--color --color x', '--color=always --color=always x'],
  ])('gives "%s" one', (given, spelled) => {
    expect(withColorValue(words(given))).toEqual(words(spelled));
  });

  test.each([
    '',
    'install',
    'x --color y',
    '--no-color x',
    '--color=never x',
    // pnpm 10 and 11 take these for its value, and pnpm 12 does not.
    '--color true x',
    '--color auto x',
    // It may be the value of what is not known, or belong to a word.
    '--unheard-of --color x',
    'm --color x',
    '-- --color x',
    '--dir --color x',
  ])('leaves "%s" as it is', (given) => {
    expect(withColorValue(words(given))).toEqual(words(given));
  });

  test('makes the command sure', () => {
    expect(mustBeGuarded(words('--color root'))).toBe(true);
    expect(mustBeGuarded(withColorValue(words('--color root')))).toBe(false);
    expect(switchesGuardOff(withColorValue(words('--color run x --pm')))).toBeUndefined();
    expect(switchesGuardOff(withColorValue(words('--color add x --pm')))).toBe('--pm');
  });
});

describe('implicitScript', () => {
  test.each([
    ['foo --pm x', 'foo', 'run foo --pm x'],
    ['--silent foo', 'foo', '--silent run foo'],
    ['build:all --ignore-pnpmfile', 'build:all', 'run build:all --ignore-pnpmfile'],
  ])('of "%s" is %s', (given, name, spelled) => {
    expect(implicitScript(words(given))).toEqual({ name, args: words(spelled) });
    expect(switchesGuardOff(words(spelled))).toBeUndefined();
  });

  test.each([
    ['-C a foo', 'a'],
    ['--dir a --dir=b foo', 'b'],
    ['--dir=b --dir a foo', 'a'],
  ])('of "%s" is that of the folder %s', (given, dir) => {
    expect(implicitScript(words(given))).toMatchObject({ name: 'foo', dir });
  });

  test.each([
    '',
    '--silent',
    'install --pm',
    'restart --pm',
    'prune --pm',
    // Scripts of other packages than that of the folder.
    '-r foo',
    '--filter x foo',
    '--filter=x foo',
    '-w foo',
    // The command is not sure.
    '--unheard-of foo',
    'm foo',
    '--color foo',
    '-- foo',
  ])('is none in "%s"', (given) => {
    expect(implicitScript(words(given))).toBeUndefined();
  });

  test('takes back nothing that is before the script', () => {
    const script = implicitScript(words('--ignore-pnpmfile=true foo'));
    expect(switchesGuardOff(script?.args ?? words('--ignore-pnpmfile=true foo'))).toBe(
      '--ignore-pnpmfile=true',
    );
    const setting = implicitScript(words('--config.ignore-pnpmfile=true foo'));
    expect(switchesGuardOff(setting!.args)).toBe('--config.ignore-pnpmfile=true');
  });
});
