import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'leading-dot-folder';

describe('leading-dot-folder', () => {
  it('rejects `./` before the first folder', () => {
    const verdict = inspected(tgz({ top: './package' }));
    expect(verdict.of(RULE)).toMatchObject([
      { entry: './package/package.json', entryIndex: 0 },
      { entry: './package/index.js', entryIndex: 1 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a folder entry of `.`', () => {
    const verdict = inspected(packageWith(entry({ name: './', typeflag: '5' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about `./` further in, which real packages have', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/./lib/x.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a first folder that starts with a dot', () => {
    const verdict = inspected(tgz({ top: '.package' }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
