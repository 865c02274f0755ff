import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nameNodeFile, obeyedNodeFile } from '../../../../packages/guard/src/run/node-files.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

const REQUIRE = 'NODE_OPTIONS=--require ./x.cjs\n';

let root: string;
freshFolder((made) => (root = made));

/** A file with this text, by its path. */
const file = (text: string, name = '.env'): string => {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
};
const obeyed = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => obeyedNodeFile(args, env);

describe('a file that Node obeyed', () => {
  test.each(['--env-file', '--env-file-if-exists'])('%s, in both spellings', (option) => {
    const path = file(REQUIRE);
    expect(obeyed(['run', `${option}=${path}`])).toEqual({
      argument: `${option}=${path}`,
      endsAtDashes: true,
    });
    expect(obeyed(['run', option, path])).toEqual({ argument: option, endsAtDashes: true });
  });

  test.each([
    'export NODE_OPTIONS="--require ./x.cjs" # comment\n',
    "A=1\r\nNODE_OPTIONS='--require ./x.cjs'\r\n",
    'NODE_OPTIONS=`--require ./x.cjs`',
    '  NODE_OPTIONS  =  --require ./x.cjs',
  ])('is read as Node reads it: %j', (text) => {
    expect(obeyed([`--env-file=${file(text)}`])).toMatchObject({ endsAtDashes: true });
  });

  test('among several, whichever comes last', () => {
    const [hostile, plain] = [file(REQUIRE), file('NODE_OPTIONS=\nA=1\n', 'plain.env')];
    for (const files of [
      [hostile, plain],
      [plain, hostile],
    ])
      expect(obeyed(files.map((one) => `--env-file=${one}`))).toMatchObject({
        argument: `--env-file=${hostile}`,
      });
  });

  test('also where the option before it has taken it for its file', () => {
    expect(obeyed(['--env-file', `--env-file=${file(REQUIRE)}`])).toBeDefined();
  });

  test.each([
    '--experimental-config-file=node.config.json',
    '--experimental-config-file',
    '--experimental-default-config-file',
  ])('%s, wherever it is', (option) => {
    const expected = { argument: option, endsAtDashes: false };
    expect(obeyed(['run', option])).toEqual(expected);
    expect(obeyed(['run', '--', option])).toEqual(expected);
  });

  test('is what cannot be read again: a folder, or too much', () => {
    expect(obeyed([`--env-file=${root}`])).toBeDefined();
    expect(obeyed([`--env-file=${file('#'.repeat(1024 * 1024 + 1))}`])).toBeDefined();
  });
});

describe('no file that Node obeyed', () => {
  test.each([
    'A=1\n',
    'NODE_OPTIONS=\n',
    'X="\nNODE_OPTIONS=--inspect\n"\n',
    'node_options=-r x\n',
  ])('is one that has no options: %j', (text) => {
    expect(obeyed([`--env-file=${file(text)}`])).toBeUndefined();
  });

  test('is one behind "--"', () => {
    expect(obeyed(['run', '--', `--env-file=${file(REQUIRE)}`])).toBeUndefined();
    expect(obeyed(['run', '--', '--env-file', file(REQUIRE)])).toBeUndefined();
  });

  test.each(['', '--no-warnings'])('is one where NODE_OPTIONS is set, to %j', (NODE_OPTIONS) => {
    const args = [`--env-file=${file(REQUIRE)}`, '--experimental-default-config-file'];
    expect(obeyed(args, { NODE_OPTIONS })).toBeUndefined();
  });

  test('is one that may be missing, or the null device', () => {
    expect(obeyed([`--env-file-if-exists=${join(root, 'none')}`])).toBeUndefined();
    expect(obeyed(['--env-file=/dev/null'])).toBeUndefined();
  });

  test.each(['--env-files=', '--no-env-file=', '-env-file=', '--experimental-config-files='])(
    'is that of another option: %s',
    (option) => {
      expect(obeyed([`${option}${file(REQUIRE)}`])).toBeUndefined();
    },
  );

  test('is an option without its file', () => {
    expect(obeyed(['run', '--env-file'])).toBeUndefined();
  });
});

test.each([
  [['--env-file=.env'], true],
  [['--env-file', '.env'], true],
  [['--env-file-if-exists=.env'], true],
  [['--experimental-default-config-file'], true],
  [['--experimental-config-file=x'], true],
  [['run', 'x'], false],
  [['--env', '--env-files=x'], false],
])('%j may name a file of Node’s: %j', (args, expected) => {
  expect(nameNodeFile(args)).toBe(expected);
});
