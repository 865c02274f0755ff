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
    expect(parseIdentity(text, 'npm')).toEqual({ name, version });
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
    expect(parseIdentity(text, 'npm')).toBeUndefined();
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

describe('parseIdentity of other ecosystems', () => {
  it.each([
    ['go', 'example.com/mod@v1.0.0', 'example.com/mod', 'v1.0.0'],
    ['go', 'gopkg.in/yaml.v3@v3.0.1', 'gopkg.in/yaml.v3', 'v3.0.1'],
    [
      'go',
      'github.com/a/b/v2@v2.0.0-20260101000000-0123456789ab',
      'github.com/a/b/v2',
      'v2.0.0-20260101000000-0123456789ab',
    ],
    [
      'go',
      'golang.org/toolchain@v0.0.1-go1.25.0.linux-amd64',
      'golang.org/toolchain',
      'v0.0.1-go1.25.0.linux-amd64',
    ],
    ['pypi', 'zope.interface@7.0', 'zope.interface', '7.0'],
    ['pypi', 'Foo_bar==1.0rc1', 'Foo_bar', '1.0rc1'],
    ['pypi', 'foo@1!2.0+cpu', 'foo', '1!2.0+cpu'],
    ['rubygems', 'rack-test@2.1.0', 'rack-test', '2.1.0'],
    ['rubygems', 'nokogiri@1.16.0.rc1', 'nokogiri', '1.16.0.rc1'],
  ] as const)('%s has %s', (ecosystem, text, name, version) =>
    expect(parseIdentity(text, ecosystem)).toEqual({ name, version }),
  );

  it.each([
    ['go', 'example.com/mod@1.0.0'],
    ['go', 'fmt@v1.0.0'],
    ['go', 'example.com//mod@v1.0.0'],
    ['go', '/example.com/mod@v1.0.0'],
    ['pypi', 'foo===1.0'],
    ['pypi', 'foo>=1.0'],
    ['pypi', '@scope/foo@1.0'],
    ['rubygems', 'a/b@1.0'],
    ['npm', 'example.com/mod@v1.0.0'],
    ['npm', 'foo==1.0'],
  ] as const)('%s does not have %s', (ecosystem, text) =>
    expect(parseIdentity(text, ecosystem)).toBeUndefined(),
  );
});
