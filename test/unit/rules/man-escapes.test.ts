import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'man-escapes';

describe('man-escapes', () => {
  it.each([
    ['a manual page outside the package', ['../../../evil.1']],
    ['a single one', '../evil.1'],
  ])('rejects %s', (_, man) => {
    const verdict = inspected(tgz({ manifest: { man } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a page in the package', () => {
    const verdict = inspected(tgz({ manifest: { man: './man/fixture.1' } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
