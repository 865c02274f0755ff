import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'base256-number';

describe('base256-number', () => {
  it('rejects a binary size', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', body: 'x', declaredSize: { base256: 1 } })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a binary mode', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', mode: { base256: 0o644 } })),
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about binary owners', () => {
    const verdict = inspected(
      packageWith(
        entry({
          name: 'package/x.js',
          uid: { base256: 2_000_000_001n },
          gid: { base256: 1_900_000_001n },
        }),
      ),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about octal numbers', () => {
    const verdict = inspected(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
