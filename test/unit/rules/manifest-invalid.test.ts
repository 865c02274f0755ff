import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'manifest-invalid';

describe('manifest-invalid', () => {
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
