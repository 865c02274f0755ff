import { DEFAULT_LIMITS, DEFAULT_POLICY } from '@tarwarden/core';
import { describe, it } from 'vitest';
import { gzip, gzipWithZeros } from '../../support/gzip.ts';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { archive, end, entry, header, pax } from '../../support/tar.ts';

describe('unpacked-size-limit', () => {
  const RULE = 'unpacked-size-limit';

  it('rejects what unpacks to more than the limit, and reads no further', () => {
    const verdict = inspected(tgz({ files: { 'a.txt': 'x'.repeat(5000) } }), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, unpackedBytes: 4096 } },
    });
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about exactly the limit', () => {
    const verdict = inspected(tgz(), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, unpackedBytes: pkg().length } },
    });
    expectSilent(verdict, RULE);
  });

  it('is silent about a megabyte of text', () => {
    expectSilent(inspected(tgz({ files: { 'a.txt': 'x'.repeat(1 << 20) } })), RULE);
  });
});

describe('compression-ratio-limit', () => {
  const RULE = 'compression-ratio-limit';

  it('rejects a bomb of zeros, and reads no further', () => {
    const verdict = inspected(
      gzipWithZeros(
        archive(pkg({ tail: [] }), header({ name: 'package/zeros', size: 600 << 20 })),
        600,
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it.each([
    ['little data that compresses very well', { 'zeros.bin': Buffer.alloc(8 << 20) }],
    ['ordinary text', { 'a.txt': 'the quick brown fox '.repeat(9000) }],
  ])('is silent about %s', (_, files) => {
    expectSilent(inspected(tgz({ files })), RULE);
  });
});

describe('entry-count-limit', () => {
  const RULE = 'entry-count-limit';

  /** Files in folders of their own, some 30 deep. */
  function deepFiles(count: number): Buffer[] {
    return Array.from({ length: count }, (_, index) =>
      header({ name: `package/${index}/${'d/'.repeat(40)}f` }),
    );
  }

  it('rejects more entries than the limit, and reads no further', () => {
    const verdict = inspected(tgz({ files: { 'a.js': '', 'b.js': '' } }), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, entries: 3 } },
    });
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 + 512 }]);
  });

  it('rejects more folders than can be kept, named by deep paths', () => {
    const verdict = inspected(gzip(archive(pkg({ tail: [] }), deepFiles(8000), end())));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about exactly the limit', () => {
    const verdict = inspected(tgz({ files: { 'a.js': '' } }), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, entries: 3 } },
    });
    expectSilent(verdict, RULE);
  });

  it('is silent about extended headers, which do not count', () => {
    const verdict = inspected(packageWith(pax({ comment: 'x' }), entry({ name: 'package/x.js' })), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, entries: 3 } },
    });
    expectSilent(verdict, RULE);
  });
});
