import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'fifo';

describe('fifo', () => {
  it('rejects it, and names the entry', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/odd', typeflag: '6' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/odd', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each([
    ['an ordinary file of that name', { name: 'package/odd', body: 'x' }],
    ['a folder', { name: 'package/odd/', typeflag: '5', mode: 0o755 }],
  ])('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});
