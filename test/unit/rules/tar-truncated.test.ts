import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, header } from '../../support/tar.ts';

const RULE = 'tar-truncated';

describe('tar-truncated', () => {
  it.each([
    [
      'content that ends too early',
      entry({ name: 'package/big', declaredSize: 4096, body: 'few', pad: false }),
    ],
    ['a header that ends too early', header({ name: 'package/half' }).subarray(0, 100)],
    ['a missing padding', entry({ name: 'package/x', body: 'x', pad: false })],
  ])('rejects %s', (_, tail) => {
    expectRejected(inspected(tgz({ tail: [tail] })), RULE, [{ level: 'error' }]);
  });

  it('is silent about a file that fills its blocks', () => {
    expectSilent(inspected(tgz({ files: { 'a.bin': Buffer.alloc(1024) } })), RULE);
  });
});
