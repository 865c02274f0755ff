import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end } from '../../support/tar.ts';

const RULE = 'nonzero-tail';

describe('nonzero-tail', () => {
  it.each([
    ['text after the end marker', 'text'.padEnd(512, '.'), { level: 'error', offset: 3072 }],
    ['a few bytes after the end marker', 'text', { level: 'error' }],
  ])('rejects %s', (_, input, expected) => {
    expectRejected(inspected(tgz({ tail: [end(), Buffer.from(input)] })), RULE, [expected]);
  });

  it.each([
    ['zeros of any length', [end(), Buffer.alloc(100)]],
    ['a whole record of zeros', [end(16)]],
  ])('is silent about %s', (_, tail) => {
    expectSilent(inspected(tgz({ tail })), RULE);
  });
});
