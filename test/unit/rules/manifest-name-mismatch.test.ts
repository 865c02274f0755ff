import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'manifest-name-mismatch';

describe('manifest-name-mismatch', () => {
  it.each([
    ['another name', 'other'],
    ['another case', 'Fixture'],
    ['no name', undefined],
    ['a name in another scope', '@evil/fixture'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(tgz({ manifest: { name } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about the name that was asked for', () => {
    const verdict = inspected(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about any name where nobody asked for one, as with git and file dependencies', () => {
    const verdict = inspected(tgz({ manifest: { name: 'other' } }), { expected: {} });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
