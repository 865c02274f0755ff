import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { sdist, sdistTar } from '../../support/sdist.ts';
import { zip } from '../../support/zip.ts';

const RULE = 'archive-type-mismatch';

describe('archive-type-mismatch', () => {
  const named = (bytes: Buffer, fileName: string): unknown[] =>
    inspectedSdist(bytes, { fileName }).of(RULE);

  it('rejects what is neither', () => {
    expect(named(Buffer.from('<!doctype html>'), 'fixture-1.0.0.tar.gz')).toHaveLength(1);
  });

  it('is silent about a tar.gz', () => {
    expect(named(sdist(), 'fixture-1.0.0.tar.gz')).toEqual([]);
  });

  it.each([
    [
      'a zip named as a tar.gz',
      zip([]),
      'fixture-1.0.0.tar.gz',
      'it is zip, and its name ends as that of gzip',
    ],
    [
      'a tar.gz named as a zip',
      sdist(),
      'fixture-1.0.0.ZIP',
      'it is gzip, and its name ends as that of zip',
    ],
    [
      'a tar.gz named as a tar.xz',
      sdist(),
      'fixture-1.0.0.txz',
      'it is gzip, and its name ends as that of xz',
    ],
    [
      'a tar named as a tgz',
      sdistTar(),
      'fixture-1.0.0.tgz',
      'it is neither gzip nor a zip, and its name ends as that of gzip',
    ],
    [
      'a tar.gz named as a tar',
      sdist(),
      'fixture-1.0.0.tar',
      'it is gzip, and its name ends as that of a tar',
    ],
  ])('rejects %s', (_what, bytes, fileName, detail) => {
    expect(named(bytes, fileName)).toMatchObject([
      { level: 'error', message: expect.stringContaining(detail) as string },
    ]);
  });

  it.each(['fixture-1.0.0.tar.gz', 'fixture-1.0.0.TGZ', 'fixture', 'v1.0', ''])(
    'is silent about a tar.gz named %j',
    (fileName) => {
      expect(named(sdist(), fileName)).toEqual([]);
    },
  );
});
