import { describe, expect, it } from 'vitest';
import { askedBy } from '../../../../packages/server/src/gateway/paths.ts';

describe('what a request asks for', () => {
  it.each([
    ['/left-pad', { kind: 'packument', name: 'left-pad' }],
    ['/left-pad?write=true', { kind: 'packument', name: 'left-pad' }],
    ['/@scope%2fname', { kind: 'packument', name: '@scope/name' }],
    ['/@scope%2Fname', { kind: 'packument', name: '@scope/name' }],
    ['/@scope/name', { kind: 'packument', name: '@scope/name' }],
    ['/JSONStream', { kind: 'packument', name: 'JSONStream' }],
    ['/left-pad/latest', { kind: 'manifest', name: 'left-pad', version: 'latest' }],
    ['/@s/n/1.0.0', { kind: 'manifest', name: '@s/n', version: '1.0.0' }],
    ['/a/%5E1.0', { kind: 'manifest', name: 'a', version: '^1.0' }],
    ['/a/-/a-1.0.0.tgz', { kind: 'tarball', name: 'a', file: 'a-1.0.0.tgz' }],
    ['/@s/n/-/n-1.0.0.tgz', { kind: 'tarball', name: '@s/n', file: 'n-1.0.0.tgz' }],
    ['/@s%2fn/-/n-1.0.0.tgz', { kind: 'tarball', name: '@s/n', file: 'n-1.0.0.tgz' }],
    ['/a/-/a-1.0.0%2Bx.tgz', { kind: 'tarball', name: 'a', file: 'a-1.0.0+x.tgz' }],
    ['/a/-rev/3-ab', { kind: 'revision', name: 'a' }],
    ['/a/-/a-1.0.0.tgz/-rev/3-ab', { kind: 'file-revision', name: 'a' }],
    ['/-/whoami', { kind: 'api', path: '/-/whoami' }],
    ['/-/v1/search?text=x', { kind: 'api', path: '/-/v1/search' }],
    ['/-/package/@s%2fn/dist-tags', { kind: 'api', path: '/-/package/@s%2fn/dist-tags' }],
    ['/-/user/org.couchdb.user:me', { kind: 'api', path: '/-/user/org.couchdb.user:me' }],
    ['/-/tarwarden/readyz', { kind: 'own', page: 'readyz' }],
  ])('%s', (target, asked) => {
    expect(askedBy(target)).toEqual(asked);
  });

  it.each([
    '/',
    '*',
    '',
    'http://elsewhere.example/a',
    '//elsewhere.example/a',
    '/a//-/a-1.0.0.tgz',
    '/a/../b',
    '/a/%2e%2e/b',
    '/a/..%2fb',
    '/a/x%2f..%2f..%2fb',
    '/a/1.0.0%2fx',
    '/a%2f-%2fa-1.0.0.tgz',
    '/a%252f-',
    '/a/-/%252e%252e',
    String.raw`/a\b`,
    '/a%5cb',
    '/a%00',
    '/a/%E0%A4%A',
    '/a#b',
    '/@s',
    '/@s%2fn%2fx',
    '/@s/n/-/n%2fx',
    '/-/files/a.tgz',
    '/-/all/a.tgz',
    '/-/v1/x%2f..%2f..%2fa',
    '/-/v1/..;/..;/a',
    '/-/v1/a;b',
    '/-/tarwarden/a/b',
    '/a/-/a.tgz/more',
    '/a/-/a.tgz/-rev/%2e%2e',
    '/a/-rev/1%2f-%2fx',
    '/a/-rev',
    '/.hidden',
  ])('nothing that exists: %s', (target) => {
    expect(askedBy(target)).toEqual({ kind: 'nothing' });
  });
});
