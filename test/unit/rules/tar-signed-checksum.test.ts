import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'tar-signed-checksum';

describe('tar-signed-checksum', () => {
  it('rejects a sum over signed bytes', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/\u00e9.js', checksum: 'signed' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['a name beyond ASCII with the right sum', { name: 'package/\u00e9.js' }],
    ['ASCII only, where both sums are the same', { name: 'package/x.js', checksum: 'signed' }],
  ] as const)('is silent about %s', (_, fields) => {
    const verdict = inspected(packageWith(entry(fields)));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
