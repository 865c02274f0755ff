import { describe, expect, test } from 'vitest';
import {
  preloadEnvironment,
  preloadsOf,
  requireOption,
  withPreload,
} from '../../../../packages/guard/src/run/node-options.ts';

describe('requireOption', () => {
  test.each([
    ['/a/preload.cjs', '--require /a/preload.cjs'],
    ['/a b/preload.cjs', '--require "/a b/preload.cjs"'],
    ['/a"b/preload.cjs', String.raw`--require "/a\"b/preload.cjs"`],
    [String.raw`C:\x\preload.cjs`, String.raw`--require C:\x\preload.cjs`],
    [String.raw`C:\x y\preload.cjs`, String.raw`--require "C:\\x y\\preload.cjs"`],
  ])('quotes %s where Node needs it', (file, expected) => {
    expect(requireOption(file)).toBe(expected);
  });
});

describe('withPreload', () => {
  test('puts the guard before the options that are there', () => {
    expect(withPreload('--no-warnings', '/g.cjs')).toBe('--require /g.cjs --no-warnings');
    expect(withPreload('  ', '/g.cjs')).toBe('--require /g.cjs');
    expect(withPreload(undefined, '/g.cjs')).toBe('--require /g.cjs');
  });

  test('adds it once', () => {
    const once = withPreload('--no-warnings', '/a b.cjs');
    expect(withPreload(once, '/a b.cjs')).toBe(once);
    expect(withPreload('--require /g.cjs', '/g.cjs')).toBe('--require /g.cjs');
  });

  test('does not take another file for it', () => {
    expect(withPreload('--require /g.cjs.js', '/g.cjs')).toBe(
      '--require /g.cjs --require /g.cjs.js',
    );
  });

  test('puts several in their order, each once', () => {
    const both = withPreload('--no-warnings', '/a.cjs', '/b c.cjs');
    expect(both).toBe('--require /a.cjs --require "/b c.cjs" --no-warnings');
    expect(withPreload(both, '/a.cjs', '/b c.cjs')).toBe(both);
    const other = withPreload(both, '/b c.cjs');
    expect(other).toBe('--require "/b c.cjs" --require /a.cjs --no-warnings');
    expect(withPreload(other, '/a.cjs', '/b c.cjs')).toBe(both);
  });
});

test('preloadEnvironment sets NODE_OPTIONS, and the npm option only where the user did', () => {
  expect(preloadEnvironment({}, '/g.cjs')).toEqual({ NODE_OPTIONS: '--require /g.cjs' });
  const env = { NODE_OPTIONS: '--a', npm_config_node_options: '--b' };
  expect(preloadEnvironment(env, '/g.cjs')).toEqual({
    NODE_OPTIONS: '--require /g.cjs --a',
    npm_config_node_options: '--require /g.cjs --b',
  });
});

describe('preloadsOf', () => {
  test.each([
    [undefined, []],
    ['', []],
    ['--no-warnings --require /a.cjs', []],
    ['--require /a.cjs --no-warnings', ['/a.cjs']],
    [withPreload('--no-warnings', '/a.cjs', '/b "c.cjs'), ['/a.cjs', '/b "c.cjs']],
    [withPreload(undefined, String.raw`C:\x y\p.cjs`), [String.raw`C:\x y\p.cjs`]],
  ])('of %j is %j', (options, files) => {
    expect(preloadsOf(options)).toEqual(files);
  });
});
