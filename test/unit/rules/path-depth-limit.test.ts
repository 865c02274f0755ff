import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'path-depth-limit';

describe('path-depth-limit', () => {
  it('rejects a path of 101 folders', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: `package/${'d/'.repeat(100)}x` }),
        entry({ name: `package/${'d/'.repeat(100)}x`.slice(0, 99) }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a path of 20 folders', () => {
    const verdict = inspected(packageWith(entry({ name: `package/${'d/'.repeat(19)}x` })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
