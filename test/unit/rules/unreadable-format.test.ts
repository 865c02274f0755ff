import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { gemData, gemOf } from '../../support/gem.ts';
import { gzip } from '../../support/gzip.ts';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { sdist } from '../../support/sdist.ts';

describe('unrecognised-format', () => {
  const RULE = 'unrecognised-format';

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

describe('unsupported-compression', () => {
  const RULE = 'unsupported-compression';

  it.each([
    ['bzip2', 'tar.bz2', [0x42, 0x5a, 0x68]],
    ['xz', 'tar.xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
    ['lzma', 'tar.lzma', [0x5d, 0, 0]],
    ['lzip', 'tar.lz', [0x4c, 0x5a, 0x49, 0x50]],
    ['zstd', 'tar.zst', [0x28, 0xb5, 0x2f, 0xfd]],
  ])('rejects %s, and no policy lets it pass', (what, ending, bytes) => {
    const policy = { ...DEFAULT_POLICY, levels: { 'unreadable-format': 'off' } as const };
    const fileName = `fixture-1.0.0.${ending}`;
    const verdict = inspected(Buffer.from(bytes), {
      format: 'sdist',
      policy,
      expected: { fileName },
    });
    expect(verdict.findings).toMatchObject([
      { code: RULE, level: 'error', layer: 'gzip', offset: 0 },
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

describe('gem-not-tar', () => {
  const RULE = 'gem-not-tar';

  it('rejects a gem of the oldest format', () => {
    const verdict = inspected(Buffer.from('MD5SUM = "0"\n'), { format: 'gem' });
    expectRejected(verdict, RULE, [{ level: 'error', layer: 'gem', offset: 0 }]);
  });

  it('rejects a tarball', () => {
    expectRejected(inspected(gzip(gemData()), { format: 'gem' }), RULE, [{ level: 'error' }]);
  });

  it('rejects an empty file', () => {
    const verdict = inspected(Buffer.alloc(0), { format: 'gem' });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('the file is empty') },
    ]);
  });

  it('is silent about a gem', () => {
    expectSilent(inspected(gemOf(), { format: 'gem' }), RULE);
  });
});
