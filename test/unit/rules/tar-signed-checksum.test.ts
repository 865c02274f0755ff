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

  it('is silent about a name beyond ASCII with the right sum', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/\u00e9.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about ASCII only, where both sums are the same', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', checksum: 'signed' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
