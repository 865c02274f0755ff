import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'component-length-limit';

describe('component-length-limit', () => {
  it('rejects a name of 256 bytes', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: `package/${'x'.repeat(256)}` }),
        entry({ name: `package/${'x'.repeat(256)}`.slice(0, 99) }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2 }]);
    expect(verdict.status).toBe('reject');
  });

  it('counts bytes, not characters', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: `package/${'\u00e9'.repeat(128)}` }),
        entry({ name: Buffer.from(`package/${'\u00e9'.repeat(128)}`).subarray(0, 98) }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a name of 255 bytes', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: `package/${'x'.repeat(255)}` }),
        entry({ name: `package/${'x'.repeat(255)}`.slice(0, 99) }),
      ),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
