import { describe, expect, it } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { expectRejected, inspected } from '../../support/inspected.ts';

const RULE = 'unrecognised-format';

describe('unrecognised-format', () => {
  it.each([
    [
      'a page that came instead of an archive',
      Buffer.from('<html>not found</html>'),
      { level: 'error', offset: 0 },
    ],
    ['an empty file', Buffer.alloc(0), { level: 'error' }],
    ['a zip', Buffer.from('PK\x03\x04 and more', 'latin1'), { level: 'error' }],
    ['half of a magic number', Buffer.from([0x1f, 0x8b]), { level: 'error' }],
  ])('rejects %s', (_, archive, expected) => {
    expectRejected(inspected(archive), RULE, [expected]);
  });

  it('is silent about a gzip file that holds no tar', () => {
    const verdict = inspected(gzip(Buffer.from('no tar')));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('reject');
  });
});
