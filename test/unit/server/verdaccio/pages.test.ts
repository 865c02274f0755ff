import { describe, expect, it } from 'vitest';
import { isPage, WEB_API } from '../../../../packages/server/src/verdaccio/guard.ts';
import { askedBy } from '../../../../packages/server/src/gateway/paths.ts';

describe('what verdaccio answers without the gateway', () => {
  it.each([
    '/',
    '/?a=/x/-/x-1.0.0.tgz',
    '/-/static/runtime.0a1b.js',
    '/-/static/a/b.woff2',
    '/-/web/detail/@own/thing',
    '/-/web/detail/thing/v/1.0.0-rc.1+x',
    '/-/web/login/',
  ])('%s', (target) => {
    expect(isPage('GET', target)).toBe(true);
    expect(isPage('HEAD', target)).toBe(true);
    for (const method of ['POST', 'PUT', 'DELETE', undefined])
      expect(isPage(method, target)).toBe(false);
  });

  it.each([
    undefined,
    '',
    '/favicon.ico',
    '/robots.txt',
    '//',
    '/x',
    '/x/-/x-1.0.0.tgz',
    '/@own/x/-/x-1.0.0.tgz',
    '/@own%2fx/-/x-1.0.0.tgz',
    '//x/-/x-1.0.0.tgz',
    '/-/static',
    '/-/web',
    '/-/static/',
    '/-//static/x',
    '/-/static//x',
    '/-/static/../../x/-/x-1.0.0.tgz',
    '/-/static/..%2f..%2fx/-/x-1.0.0.tgz',
    '/-/static/%2e%2e/x',
    '/-/static/./x',
    '/-/static\\..\\x',
    '/-/static/x;y',
    '/-/static/x%00',
    '/-/STATIC/x',
    '/%2d/static/x',
    '/-/web/..',
    '/-/web/a%2fb',
    '/-/webx/a',
    '/-/-/static/x',
    '/static/-/x',
    '/web/-/web-1.0.0.tgz',
    '/-/web/x\n/-/x.tgz',
    'http://other/-/static/x',
    '*',
  ])('not %j', (target) => {
    expect(isPage('GET', target)).toBe(false);
  });
});

describe('what the web interface asks for', () => {
  it.each([
    ['/-/verdaccio/data/packages', 'api'],
    ['/-/verdaccio/data/sidebar/@own/thing', 'api'],
    ['/-/verdaccio/sec/login', 'api'],
    ['/-/verdaccio/data/../../x', 'nothing'],
    ['/-/verdaccio/data/..%2f..%2fx', 'nothing'],
    ['/-/verdaccio/other', 'nothing'],
    ['/-/verdaccio/data', 'nothing'],
    ['/-/%76erdaccio/data/x', 'api'],
  ])('%s is %s', (target, kind) => {
    expect(askedBy(target, WEB_API).kind).toBe(kind);
    expect(askedBy(target).kind).toBe('nothing');
  });
});
