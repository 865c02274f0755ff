import { describe, expect, it } from 'vitest';
import { readOptions, UsageError } from '../../../bench/options.ts';

const KNOWN = ['core', 'pnpm-10', 'pnpm-11', 'pnpm-12'];

describe('readOptions', () => {
  it('measures everything seven times unless told otherwise', () => {
    expect(readOptions([], KNOWN)).toEqual({
      parts: KNOWN,
      rounds: 7,
      disk: false,
      minutes: 10,
      seed: 1,
      write: false,
      render: false,
      help: false,
    });
  });

  it('leaves out what is only measured by its name', () => {
    expect(readOptions([], KNOWN, ['core']).parts).toEqual(KNOWN.slice(1));
    expect(readOptions(['core', '--minutes', '3', '--seed', '9'], KNOWN, ['core'])).toMatchObject({
      parts: ['core'],
      minutes: 3,
      seed: 9,
    });
  });

  it('takes parts by name and together, once each, in their own order', () => {
    const options = readOptions(
      ['pnpm', 'core', 'pnpm-11', '--rounds', '2', '--disk', '--write'],
      KNOWN,
    );
    expect(options).toMatchObject({ parts: KNOWN, rounds: 2, disk: true, write: true });
    expect(readOptions(['--', 'pnpm-12'], KNOWN).parts).toEqual(['pnpm-12']);
  });

  it.each([
    ['nothing', 'no such part: nothing'],
    ['--rounds 0', '--rounds takes a number from 1 to 1000'],
    ['--minutes 0', '--minutes takes a number from 1 to 10000'],
    ['--seed x', '--seed takes'],
    ['--found= core', '--found takes the name of a file'],
    ['--rounds 1e9', '--rounds takes'],
    ['--rounds=-1', '--rounds takes'],
    ['--json= core', '--json takes the name of a file'],
    ['--json a --write', '--json and --write are one or the other'],
    ['--render core', '--render measures nothing'],
    ['--render --disk', '--render measures nothing'],
    ['--render --rounds 3', '--render measures nothing'],
    ['--fast', "Unknown option '--fast'"],
  ])('refuses %s', (line, message) => {
    const read = (): unknown => readOptions(line.split(' '), KNOWN);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(message);
  });
});
