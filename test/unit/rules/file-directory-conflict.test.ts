import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'file-directory-conflict';

describe('file-directory-conflict', () => {
  it('rejects a file where a folder is needed', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib' }), entry({ name: 'package/lib/x.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/lib/x.js', entryIndex: 3 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['a folder entry, then a file', { name: 'package/lib/', typeflag: '5' }],
    ['a file where a folder was made for another', { name: 'package/lib/x.js' }],
  ])('rejects %s', (_, fields) => {
    const verdict = inspected(packageWith(entry(fields), entry({ name: 'package/lib' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/lib' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about folder entries before and after their files', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/lib/x.js' }),
        entry({ name: 'package/lib/', typeflag: '5' }),
      ),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a file and a folder with like names', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib.js' }), entry({ name: 'package/lib/x.js' })),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
