import { guardEnvironment } from '@tarwarden/npm-wrapper';
import { describe, expect, test } from 'vitest';
import { requireOption, withPreload } from '../../../packages/npm-wrapper/src/node-options.ts';

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
});

describe('guardEnvironment', () => {
  test('sets NODE_OPTIONS, and the npm option only where the user did', () => {
    const preloadPath = '/g.cjs';
    expect(guardEnvironment({ env: {}, preloadPath })).toEqual({
      NODE_OPTIONS: '--require /g.cjs',
    });
    const env = { NODE_OPTIONS: '--a', npm_config_node_options: '--b' };
    expect(guardEnvironment({ env, preloadPath })).toEqual({
      NODE_OPTIONS: '--require /g.cjs --a',
      npm_config_node_options: '--require /g.cjs --b',
    });
  });
});
