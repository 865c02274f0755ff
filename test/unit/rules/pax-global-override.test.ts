import { describe, expect, it } from 'vitest';
import { judged, packageWith } from '../../support/judged.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'pax-global-override';

describe('pax-global-override', () => {
  it('rejects a global path', () => {
    const verdict = judged(
      packageWith(
        pax({ path: 'package/evil.js' }, { global: true }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a global size', () => {
    const verdict = judged(
      packageWith(pax({ size: '0' }, { global: true }), entry({ name: 'package/x.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a global owner', () => {
    const verdict = judged(
      packageWith(pax({ uid: '0' }, { global: true }), entry({ name: 'package/x.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a global comment, as git writes it', () => {
    const verdict = judged(
      tgz({
        before: [pax({ comment: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567' }, { global: true })],
      }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
