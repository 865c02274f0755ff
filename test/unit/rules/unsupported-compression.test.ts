import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { inspected } from '../../support/inspected.ts';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { sdist } from '../../support/sdist.ts';

const RULE = 'unsupported-compression';

describe('unsupported-compression', () => {
  it.each([
    ['bzip2', 'tar.bz2', [0x42, 0x5a, 0x68]],
    ['xz', 'tar.xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
    ['lzma', 'tar.lzma', [0x5d, 0, 0]],
    ['lzip', 'tar.lz', [0x4c, 0x5a, 0x49, 0x50]],
    ['zstd', 'tar.zst', [0x28, 0xb5, 0x2f, 0xfd]],
  ])('rejects %s, and no policy lets it pass', (what, ending, bytes) => {
    const policy = { ...DEFAULT_POLICY, levels: { [RULE]: 'off' } as const };
    const fileName = `fixture-1.0.0.${ending}`;
    const verdict = inspected(Buffer.from(bytes), {
      format: 'sdist',
      policy,
      expected: { fileName },
    });
    expect(verdict.findings).toMatchObject([
      { rule: RULE, level: 'error', layer: 'gzip', offset: 0 },
    ]);
    expect(verdict.findings[0]?.message).toContain(`it begins as ${what} does`);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one by the name of a tar.gz', () => {
    const verdict = inspectedSdist(Buffer.from('BZh9'));
    expect(verdict.of(RULE)).toHaveLength(1);
    expect(verdict.of('archive-type-mismatch')).toHaveLength(1);
  });

  it('is silent about gzip', () => {
    expect(inspectedSdist(sdist()).of(RULE)).toEqual([]);
  });
});
