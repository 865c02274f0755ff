import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'pax-value-newline';

describe('pax-value-newline', () => {
  it.each([
    ['inside the value of another', { comment: 'x\n28 path=package/smuggled.js' }],
    ['that begins inside the key of another', { 'x\n28 path': 'package/smuggled.js' }],
  ])('rejects a record %s', (_, records) => {
    const verdict = inspected(packageWith(pax(records), entry({ name: 'package/x.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about several records', () => {
    const verdict = inspected(
      packageWith(pax({ comment: 'x', path: 'package/x.js' }), entry({ name: 'package/x.js' })),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
