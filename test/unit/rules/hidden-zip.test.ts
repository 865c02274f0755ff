import { describe, expect, it } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected } from '../../support/inspected.ts';
import { sdist, sdistTar } from '../../support/sdist.ts';
import { entry } from '../../support/tar.ts';
import { zip } from '../../support/zip.ts';

const RULE = 'hidden-zip';

describe('hidden-zip', () => {
  const other = zip([{ name: 'fixture-1.0.0/setup.py', body: 'x' }]);

  it('rejects a zip behind the gzip member', () => {
    const bytes = Buffer.concat([sdist(), other]);
    const verdict = inspectedSdist(bytes);
    expectRejected(verdict, RULE, [{ level: 'error', layer: 'zip', offset: bytes.length - 22 }]);
  });

  it.each([
    ['with a comment', zip([{ name: 'a', body: 'x' }], { comment: 'x'.repeat(0xffff) })],
    ['with other bytes behind it', Buffer.concat([other, Buffer.alloc(5000)])],
    ['of zip64', zip([{ name: 'a', body: 'x' }], { zip64: true })],
    ['without entries', zip([])],
    ['whose offsets do not fit', zip([{ name: 'a', body: 'x' }], { end: { offset: 12_345 } })],
  ])('rejects one %s', (_what, hidden) => {
    expect(inspectedSdist(Buffer.concat([sdist(), hidden])).of(RULE)).toHaveLength(1);
  });

  it('rejects one that the compression stores, where no other rule sees it', () => {
    const entries = [entry({ name: 'fixture-1.0.0/data.zip', body: other })];
    const { findings } = inspectedSdist(gzip(sdistTar({ entries }), { level: 0 }));
    expect(findings.map(({ rule }) => rule)).toEqual([RULE]);
  });

  it('is silent about the same zip compressed', () => {
    const entries = [entry({ name: 'fixture-1.0.0/data.zip', body: other })];
    expect(inspectedSdist(sdist({ entries })).findings).toEqual([]);
  });

  it('is silent about a stored zip that is further from the end than Python looks', () => {
    const entries = [
      entry({ name: 'fixture-1.0.0/data.zip', body: other }),
      entry({ name: 'fixture-1.0.0/large', body: Buffer.alloc(0x1_0000) }),
    ];
    expect(inspectedSdist(gzip(sdistTar({ entries }), { level: 0 })).findings).toEqual([]);
  });
});
