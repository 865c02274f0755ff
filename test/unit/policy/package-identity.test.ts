import { describe, expect, it } from 'vitest';
import { formatIdentity, parseIdentity } from '@tarwarden/core/policy';

describe('parseIdentity', () => {
  it.each([
    ['left-pad@1.3.0', 'left-pad', '1.3.0'],
    ['@types/node@20.19.43', '@types/node', '20.19.43'],
    ['a@1.0.0-rc.1+build.5', 'a', '1.0.0-rc.1+build.5'],
    ['@s/a@latest', '@s/a', 'latest'],
    ['ünï@1', 'ünï', '1'],
  ])('of %j is %j and %j', (text, name, version) => {
    expect(parseIdentity(text)).toEqual({ name, version });
    expect(formatIdentity(name, version)).toBe(text);
  });

  it.each([
    '',
    '@',
    'left-pad',
    '@types/node',
    'left-pad@',
    '@1.0.0',
    '@s@1.0.0',
    '@s/@1.0.0',
    '@/a@1.0.0',
    's/a@1.0.0',
    '@s/a/b@1.0.0',
    'a@b@1.0.0',
    '@@s/a@1.0.0',
    'a@file:../x',
    'a@https://host.example/a.tgz',
    'a b@1.0.0',
    'a@1.0.0 ',
    'a@1.0.0\n',
    'a\n@1.0.0',
  ])('of %j is nothing', (text) => {
    expect(parseIdentity(text)).toBeUndefined();
  });
});

describe('formatIdentity', () => {
  it.each([
    [undefined, '1.0.0'],
    ['a', undefined],
    [undefined, undefined],
  ])('of %j and %j is nothing', (name, version) => {
    expect(formatIdentity(name, version)).toBeUndefined();
  });
});
