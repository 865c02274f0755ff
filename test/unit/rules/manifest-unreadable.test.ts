import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, header } from '../../support/tar.ts';

describe('manifest-missing', () => {
  const RULE = 'manifest-missing';

  it.each([
    ['a package without package.json', { manifest: null }],
    ['package.json in another case only', { manifest: null, files: { 'Package.json': '{}' } }],
    ['one that lies deeper only', { manifest: null, files: { 'lib/package.json': '{}' } }],
  ])('rejects %s', (_, options) => {
    expectRejected(inspected(tgz(options)), RULE, [{ level: 'error' }]);
  });

  it('is silent about package.json at the end', () => {
    const verdict = inspected(
      tgz({
        manifest: null,
        entries: [
          entry({ name: 'package/package.json', body: '{"name":"fixture","version":"1.0.0"}' }),
        ],
      }),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about a truncated archive, where it may have been cut off', () => {
    const verdict = inspected(
      tgz({ manifest: null, tail: [header({ name: 'package/x' }).subarray(0, 100)] }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('reject');
  });
});

describe('manifest-invalid', () => {
  const RULE = 'manifest-invalid';

  it.each([
    ['broken JSON', Buffer.from('{"name": ')],
    ['a list', Buffer.from('[]')],
    ['an empty file', Buffer.alloc(0)],
    ['bytes that are no UTF-8', Buffer.from('{"name":"\xff"}', 'latin1')],
    ['comments', Buffer.from('{} // x')],
  ])('rejects %s', (_, manifest) => {
    const verdict = inspected(tgz({ manifest }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it.each([
    ['a byte order mark', '\ufeff{"name":"fixture","version":"1.0.0"}'],
    ['Windows line ends', '{\r\n"name":"fixture",\r\n"version":"1.0.0"}\r\n'],
  ])('is silent about %s', (_, text) => {
    expectSilent(inspected(tgz({ manifest: Buffer.from(text) })), RULE);
  });
});
