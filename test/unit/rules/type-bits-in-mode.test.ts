import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'type-bits-in-mode';

describe('type-bits-in-mode', () => {
  it('warns of a file type in the mode', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', mode: 0o100644 })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'warning', entry: 'package/x.js', entryIndex: 2 },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about permission bits alone', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/x.js', mode: 0o644 }))), RULE);
  });
});
