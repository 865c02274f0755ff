import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'no-top-folder';

describe('no-top-folder', () => {
  it('rejects a file in no folder', () => {
    const verdict = inspected(packageWith(entry({ name: 'planted.js' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'planted.js', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a link instead of the first folder', () => {
    const verdict = inspected(
      tgz({ before: [entry({ name: 'package', typeflag: '2', linkname: 'x' })] }),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about the folder entry of the first folder', () => {
    const verdict = inspected(tgz({ before: [entry({ name: 'package', typeflag: '5' })] }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
