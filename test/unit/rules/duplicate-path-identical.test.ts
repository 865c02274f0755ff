import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'duplicate-path-identical';

describe('duplicate-path-identical', () => {
  it('notes a path twice with equal bytes', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/./index.js', body: 'module.exports = 1\n' })),
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'note', entry: 'package/./index.js', entryIndex: 2 },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a folder entry twice', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/lib/', typeflag: '5' }),
        entry({ name: 'package/lib/', typeflag: '5' }),
      ),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about other bytes, which are an error of another name', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/index.js', body: 'evil' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('reject');
  });
});
