import { describe, expect, it } from 'vitest';
import {
  matchesGlob,
  escapePath,
  matchesPatterns,
  parseRequest,
  unescapePath,
} from '../../../../../packages/guard/src/fetch/go/module-path.ts';

describe('a request', () => {
  it.each([
    [
      'github.com/!azure/sdk/@v/v1.0.0.zip',
      { kind: 'zip', path: 'github.com/Azure/sdk', version: 'v1.0.0' },
    ],
    ['a.org/m/@v/v1.0.0-!r!c1.mod', { kind: 'mod', path: 'a.org/m', version: 'v1.0.0-RC1' }],
    ['a.org/m/@v/list', { kind: 'list', path: 'a.org/m' }],
    ['a.org/m/@latest', { kind: 'latest', path: 'a.org/m' }],
    ['a.org/m/@v/main.info', { kind: 'info', path: 'a.org/m', version: 'main' }],
  ])('%s', (path, expected) => {
    expect(parseRequest(path)).toEqual(expected);
  });

  it.each([
    'a.org/m',
    'A.org/m/@v/list',
    'a.org/!!m/@v/list',
    '../x/@v/list',
    'a.org/../m/@v/v1.0.0.zip',
    'a.org/m/@v/../x.zip',
    String.raw`a.org/m/@v/..\x.zip`,
    `a.org/${'m'.repeat(5000)}/@v/list`,
  ])('%s is none', (path) => {
    expect(parseRequest(path)).toBeUndefined();
  });

  it('is spelled as go does', () => {
    expect(escapePath('github.com/BurntSushi/toml')).toBe('github.com/!burnt!sushi/toml');
    expect(unescapePath('github.com/!burnt!sushi/toml')).toBe('github.com/BurntSushi/toml');
  });
});

describe('patterns of GOPRIVATE', () => {
  it.each([
    ['example.org', 'example.org/a/b', true],
    ['example.org', 'example.org', true],
    ['example.org/a', 'example.org', false],
    ['example.org', 'sub.example.org/a', false],
    ['*.example.org', 'sub.example.org/a', true],
    ['x, example.org/t?am/', 'example.org/team/a', true],
    ['example.org/[a-c]', 'example.org/b/x', true],
    ['example.org/[^a-c]', 'example.org/b/x', false],
    ['example.org/[', 'example.org/[', false],
    [String.raw`example.org/\*`, 'example.org/*', true],
    ['example.org/a.c', 'example.org/abc', false],
    ['my-corp.example', 'my-corp.example/team/r', true],
    ['my-*.example/te-m', 'my-corp.example/te-m/r', true],
    ['example.org/[a-]', 'example.org/a', false],
    ['none', 'example.org', false],
    ['', 'example.org', false],
  ])('%s, %s: %s', (patterns, path, expected) => {
    expect(matchesPatterns(patterns, path)).toBe(expected);
  });

  it('take every printable character as go does', () => {
    const special = new Set(['*', '?', '[', '\\', '/', ',']);
    for (let code = 0x21; code < 0x7f; code++) {
      const character = String.fromCodePoint(code);
      const path = `a${character}b.example`;
      if (!special.has(character)) {
        expect([path, matchesPatterns(path, `${path}/m`)]).toEqual([path, true]);
        expect([path, matchesPatterns(path, 'a_.b.example/m')]).toEqual([path, false]);
      }
      expect([path, matchesGlob(`a\\${character}b.example`, path)]).toEqual([path, true]);
      expect([path, matchesGlob('a?b.example', path)]).toEqual([path, character !== '/']);
    }
  });
});
