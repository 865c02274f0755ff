import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'multiple-top-folders';

describe('multiple-top-folders', () => {
  it('rejects a second first folder', () => {
    const verdict = inspected(packageWith(entry({ name: 'other/x.js' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'other/x.js', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one that differs in case', () => {
    const verdict = inspected(packageWith(entry({ name: 'Package/x.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'Package/x.js' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about another first folder for all', () => {
    const verdict = inspected(tgz({ top: 'types for fixture' }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about the folder entry of the first folder', () => {
    const verdict = inspected(tgz({ before: [entry({ name: 'package/', typeflag: '5' })] }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
