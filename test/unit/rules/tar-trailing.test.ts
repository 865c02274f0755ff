import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end, entry, zeroBlock } from '../../support/tar.ts';

describe('entries-after-end', () => {
  const RULE = 'entries-after-end';

  it.each([
    ['two zero blocks', end(), 3072],
    ['one zero block', zeroBlock, 2560],
  ])('rejects an entry after %s', (_, tail, offset) => {
    const verdict = inspected(tgz({ tail: [tail, entry({ name: 'package/smuggled.js' }), end()] }));
    expectRejected(verdict, RULE, [{ level: 'error', offset }]);
  });

  it.each([
    ['zeros only', { tail: [end(40)] }],
    ['a file of zeros', { files: { 'zeros.bin': Buffer.alloc(4096) } }],
  ])('is silent about %s', (_, options) => {
    expectSilent(inspected(tgz(options)), RULE);
  });
});

describe('nonzero-tail', () => {
  const RULE = 'nonzero-tail';

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
