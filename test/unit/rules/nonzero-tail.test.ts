import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end } from '../../support/tar.ts';

const RULE = 'nonzero-tail';

describe('nonzero-tail', () => {
  it.each([
    ['text after the end marker', 'text'.padEnd(512, '.'), { level: 'error', offset: 3072 }],
    ['a few bytes after the end marker', 'text', { level: 'error' }],
  ])('rejects %s', (_, input, expected) => {
    const verdict = inspected(tgz({ tail: [end(), Buffer.from(input)] }));
    expect(verdict.of(RULE)).toMatchObject([expected]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['zeros of any length', [end(), Buffer.alloc(100)]],
    ['a whole record of zeros', [end(16)]],
  ])('is silent about %s', (_, tail) => {
    const verdict = inspected(tgz({ tail }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
