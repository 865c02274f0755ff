import { describe, expect, it } from 'vitest';
import {
  isMember,
  isUnderstood,
  mayBeMember,
} from '../../../../packages/guard/src/project/workspace-members.ts';

describe('isMember', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['packages/a', ['packages/*']],
    ['packages/a/b', ['packages/**']],
    ['packages', ['packages/**']],
    ['packages/a', ['./packages/{a,b}/']],
    ['apps/web.v2', ['x', 'apps/web.v2']],
    ['packages/b', ['packages/*', '!packages/a']],
    ['a/b', ['**']],
    ['packages/a', ['packages//a/']],
    ['packages/a', ['lib/../packages/a']],
    ['packages/abc', ['packages/{a,x}*c']],
    ['a'.repeat(200), [`${'*a'.repeat(100)}`]],
  ])('%j is of %j', (folder, patterns) => {
    expect(isMember('/w', `/w/${folder}`.replace(/\/$/, ''), patterns)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['packages/a', undefined],
    ['packages/a', []],
    ['packages/a', 'packages/*'],
    ['packages/a/b', ['packages/*']],
    ['packages/a', ['packages/*', '!packages/a']],
    ['packages/a', ['packages/*', '!**/@(a)']],
    ['packages/a', ['packages/[a]']],
    ['packages/.a', ['packages/*']],
    ['apps/webxv2', ['apps/web.v2']],
    ['packages/node_modules/a', ['**']],
    ['../other', ['**']],
    [`${'a'.repeat(200)}b`, ['*a'.repeat(100)]],
    ['packages/a', [' packages/a']],
    ['packages/a', ['packages\\a']],
    ['packages/.a', ['packages/{.a,b}']],
  ])('%j is not known to be of %j', (folder, patterns) => {
    expect(isMember('/w', `/w/${folder}`, patterns)).toBe(false);
  });
});

describe('mayBeMember', () => {
  it.each<[string, readonly string[]]>([
    ['packages/a', ['packages/[a]']],
    ['packages/.a', ['packages/!(b)']],
    ['packages/a/b', ['packages/{a/b,c}']],
    ['packages/a', ['packages/*', '!packages/a', 'packages/a']],
    ['packages/a', ['packages/*', '!packages/[a]']],
  ])('%j may be of %j', (folder, patterns) => {
    expect(mayBeMember('/w', `/w/${folder}`, patterns)).toBe(true);
    expect(isMember('/w', `/w/${folder}`, patterns)).toBe(false);
  });

  it.each<[string, readonly string[]]>([
    ['packages/a', ['packages/*', '!packages/a']],
    ['lib/a', ['packages/[a]']],
    ['packages/node_modules/a', ['packages/**']],
  ])('%j is not of %j', (folder, patterns) => {
    expect(mayBeMember('/w', `/w/${folder}`, patterns)).toBe(false);
  });
});

describe('isUnderstood', () => {
  it.each(['packages/*', './a/**', 'a/{b,c}', '!a/?', 'a//b/', 'a/../b'])('%j', (pattern) => {
    expect(isUnderstood(pattern)).toBe(true);
  });

  it.each([
    '',
    '.',
    '/a',
    'a/.',
    '../a',
    '*/../a',
    'a\\b',
    'a/[b]',
    'a/@(b)',
    'a/{b}',
    'a/{b,}',
    'a/{b,c/d}',
    '!!a',
    'a/{b,{c,d}}',
    'a/{.b,c}',
    '~',
    ' a',
  ])('%j is not', (pattern) => {
    expect(isUnderstood(pattern)).toBe(false);
  });
});
