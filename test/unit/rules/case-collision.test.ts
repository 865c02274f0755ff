import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'case-collision';

describe('case-collision', () => {
  it('rejects files that differ in case', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/INDEX.js' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/INDEX.js', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects folders that differ in case', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib/a.js' }), entry({ name: 'package/LIB/b.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/LIB/b.js' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects K and the Kelvin sign', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/k.js' }), entry({ name: 'package/\u212a.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 3 }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['the same name in two folders', { 'a/README': '', 'b/readme': '' }],
    ['dotless i, which no file system folds to i with a dot', { '\u0130.js': '', 'i.js': '' }],
  ])('is silent about %s', (_, files) => {
    const verdict = inspected(tgz({ files }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
