import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'size-on-non-file';

describe('size-on-non-file', () => {
  it('rejects a folder with content', () => {
    const verdict = inspected(
      packageWith(
        entry({
          name: 'package/lib/',
          typeflag: '5',
          body: entry({ name: 'package/smuggled.js' }),
        }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/lib', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a symbolic link with content', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: 'index.js', body: 'x' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/link' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a folder without', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib/', typeflag: '5', mode: 0o755 })),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
