import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  readNpmrc,
  readPnpmYaml,
  readText,
  valuesOf,
  withVariables,
} from '../../../../packages/host/src/project/settings-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, 'settings');
  writeFileSync(path, text);
  return path;
}

describe('withVariables', () => {
  it.each([
    ['a${X}', { X: 'b' }, 'ab'],
    ['a${X}', {}, 'a${X}'],
    ['a${X-c}', {}, 'ac'],
    ['a${X-c}', { X: '' }, 'a'],
    ['a${X:-c}', { X: '' }, 'ac'],
    ['a${X:-c}', { X: 'b' }, 'ab'],
    ['${X}${X:-}', { X: 'b' }, 'bb'],
  ])('reads %s with %j', (text, env, expected) => {
    expect(withVariables(text, env)).toBe(expected);
  });
});

describe('readPnpmYaml', () => {
  it.each([
    'x: &x {on: true}\n<<: *x\n',
    '<<: {on: true}\n',
    '<<: [{a: 1}, {on: true}]\n',
    '"\\u006fn": true\n',
    '\uFEFFon: true\r\n',
    'k: &k on\n*k : true\n',
  ])('reads %j', (text) => {
    expect(valuesOf(readPnpmYaml(file(text)), 'on', {})).toEqual([true]);
  });

  it.each(['a: 1\n---\nb: 1\n', 'a: 1\na: 2\n', 'a: [', 'a: !unknown b\n'])(
    'throws for %j',
    (text) => {
      expect(() => readPnpmYaml(file(text))).toThrow('cannot be read');
    },
  );
});

describe('valuesOf', () => {
  it('has every spelling of a name', () => {
    const settings = { 'ignore-pnpmfile': 1, ignorePnpmfile: 2, 'ignore${X}': 3, ignored: 4 };
    expect(valuesOf(settings, 'ignorepnpmfile', { X: 'Pnpmfile' })).toEqual([1, 2, 3]);
    expect(valuesOf(settings, 'ignorepnpmfile', {})).toEqual([1, 2]);
  });
});

it('reads names of an .npmrc with their variables', () => {
  expect(readNpmrc(file('a-${X:-b}=true\n'), {})).toEqual({ 'a-b': true });
});

it('has no text of what is missing or no file', () => {
  mkdirSync(join(folder, 'inner'));
  expect([readText(join(folder, 'none')), readText(join(folder, 'inner'))]).toEqual([
    undefined,
    undefined,
  ]);
});
