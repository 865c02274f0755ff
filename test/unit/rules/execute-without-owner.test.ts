import { describe, expect, it } from 'vitest';
import { judged, packageWith } from '../../support/judged.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'execute-without-owner';

describe('execute-without-owner', () => {
  it('rejects a file that not its owner but others may run', () => {
    for (const mode of [0o654, 0o645, 0o611, 0o001, 0o010]) {
      const verdict = judged(packageWith(entry({ name: 'package/run', mode })));
      expect(verdict.of(RULE)).toMatchObject([
        { level: 'error', entry: 'package/run', entryIndex: 2, offset: 2048 },
      ]);
      expect(verdict.of(RULE)[0]?.message).toContain(`mode ${mode.toString(8)}`);
      expect(verdict.status).toBe('reject');
    }
  });

  it('is silent about a file that its owner may run, or nobody', () => {
    for (const mode of [0o744, 0o700, 0o100, 0o755, 0o777, 0o666, 0o444, 0]) {
      const verdict = judged(packageWith(entry({ name: 'package/x', mode })));
      expect(verdict.of(RULE)).toEqual([]);
      expect(verdict.status).toBe('accept');
    }
  });

  it('is silent about a folder', () => {
    const verdict = judged(
      packageWith(entry({ name: 'package/lib/', typeflag: '5', mode: 0o655 })),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
