import { describe, expect, it } from 'vitest';
import { readConfine } from '../../../packages/cli/src/pass-through/confined.ts';

describe('the options of confinement', () => {
  it('come right behind the name of the client, in any order', () => {
    const given = [
      '--hide',
      '~/.ssh,~/.aws',
      '--confine',
      '--confine-write=/a',
      '--confine-write',
      '/b',
      '--confine-env=X',
      'ci',
      '--omit=dev',
    ];
    expect(readConfine('npm', given)).toEqual({
      options: { write: ['/a', '/b'], env: ['X'], hide: ['~/.ssh', '~/.aws'] },
      rest: ['ci', '--omit=dev'],
    });
  });

  it('are none where there are none', () => {
    expect(readConfine('npm', ['ci'])).toEqual({ options: undefined, rest: ['ci'] });
    expect(readConfine('npm', ['--', 'ci'])).toEqual({ options: undefined, rest: ['--', 'ci'] });
  });

  it.each([
    [['--hide', '~/.ssh', 'ci'], '--hide needs --confine'],
    [['--confine-write=/a', 'ci'], '--confine-write=/a needs --confine'],
    [['--confine', '--hide'], '--hide needs a value'],
    [['--confine', '--hide=', 'ci'], '--hide needs a value'],
    [['ci', '--confine'], 'right behind "tarwarden npm"'],
    [['ci', '--confine-write=/a'], 'right behind "tarwarden npm"'],
    [['--confine', 'ci', '--hide=/x'], 'right behind "tarwarden npm"'],
    [['--confine', 'ci', '--hide', '/x'], 'right behind "tarwarden npm"'],
    [['--confine=yes', 'ci'], 'right behind "tarwarden npm"'],
  ])('%j is an error', (given, why) => {
    expect(() => readConfine('npm', given)).toThrow(why);
  });

  it.each([[['run', 'x', '--', '--confine']], [['--', 'ci', '--confine']]])(
    "may be the client's own behind --: %j",
    (given) => {
      expect(readConfine('npm', given)).toEqual({ options: undefined, rest: given });
    },
  );
});
