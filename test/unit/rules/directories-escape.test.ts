import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'directories-escape';

describe('directories-escape', () => {
  it.each([
    ['commands from outside the package', { bin: '../../..' }],
    ['manual pages from outside', { man: 'lib/../../x' }],
  ])('rejects %s', (_, directories) => {
    const verdict = inspected(tgz({ manifest: { directories } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about folders in the package', () => {
    const verdict = inspected(
      tgz({ manifest: { directories: { bin: './bin', lib: 'lib', test: 'test/../spec' } } }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
