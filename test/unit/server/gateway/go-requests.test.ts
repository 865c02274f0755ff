import { describe, expect, it } from 'vitest';
import { goAskedBy, goPathOf } from '../../../../packages/server/src/gateway/go/module-requests.ts';

describe('what go asks for', () => {
  it.each([
    ['/example.org/m/@v/list', '/example.org/m/@v/list'],
    ['/example.org/m/@latest', '/example.org/m/@latest'],
    ['/github.com/%21azure/sdk/@v/v1.0.0.zip', '/github.com/%21azure/sdk/@v/v1.0.0.zip'],
    ['/github.com/!azure/sdk/@v/v1.0.0.mod', '/github.com/%21azure/sdk/@v/v1.0.0.mod'],
    ['/a.org/m/@v/v2.0.0+incompatible.info', '/a.org/m/@v/v2.0.0+incompatible.info'],
    ['/%61.org/m/@v/v1.0.0.zip', '/a.org/m/@v/v1.0.0.zip'],
    ['/sumdb/sum.golang.org/supported', '/sumdb/sum.golang.org/supported'],
    ['/sumdb/sum.golang.org/lookup/a.org/m@v1.0.0', '/sumdb/sum.golang.org/lookup/a.org/m@v1.0.0'],
    ['/sumdb/sum.golang.org/tile/8/0/x001/000.p/9', '/sumdb/sum.golang.org/tile/8/0/x001/000.p/9'],
  ])('%s is passed on as %s', (target, path) => {
    const asked = goAskedBy(target);
    expect(asked.kind).not.toBe('nothing');
    expect(goPathOf(asked as never)).toBe(path);
    expect(goAskedBy(path)).toEqual(asked);
  });

  it.each([
    '/',
    '/example.org/m',
    '/example.org/M/@v/v1.0.0.zip',
    '/example.org/m/@v/v1.0.0.zip?x',
    '/example.org/m/@v/v1.0.0.zip#x',
    '/example.org/m/@v/v1.0.0.zip/',
    '/example.org//m/@v/v1.0.0.zip',
    '//example.org/m/@v/v1.0.0.zip',
    '/example.org/../m/@v/v1.0.0.zip',
    '/example.org/%2e%2e/m/@v/v1.0.0.zip',
    '/example.org/m/@v/..%2f..%2fx.zip',
    '/example.org/m/%40v%2Fv1.0.0.zip',
    '/example.org/m/@v/v1.0.0%252fx.zip',
    String.raw`/example.org/m/@v/..\x.zip`,
    '/example.org/m/@v/v1.0.0%0d%0aX: y.zip',
    '/example.org/m/@v/v1.0.0%00.zip',
    '/example.org/m/@v/%E0%A4%A.zip',
    '/example.org/m/@v/v1.0.0.exe',
    '/sumdb/../example.org/m/@v/v1.0.0.zip',
    '/sumdb/sum.golang.org/../../x',
    'http://elsewhere.example/example.org/m/@v/v1.0.0.zip',
    `/${'a'.repeat(5000)}/@v/list`,
  ])('%s is nothing', (target) => {
    expect(goAskedBy(target)).toEqual({ kind: 'nothing' });
  });
});
