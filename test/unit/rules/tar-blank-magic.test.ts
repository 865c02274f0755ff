import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'tar-blank-magic';

describe('tar-blank-magic', () => {
  it('warns of a header without magic', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', magic: 'v7' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'warning', entry: 'package/x.js', entryIndex: 2 },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about POSIX magic', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/x.js' }))), RULE);
  });
});
