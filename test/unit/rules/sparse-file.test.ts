import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { gnuSparse, tgz } from '../../support/pkg.ts';

const RULE = 'sparse-file';

describe('sparse-file', () => {
  it('rejects a GNU sparse file', () => {
    const verdict = inspected(packageWith(gnuSparse({ name: 'package/sparse' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/sparse', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a file of zeros', () => {
    const verdict = inspected(tgz({ files: { 'zeros.bin': Buffer.alloc(4096) } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
