import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'tar-magic';

describe('tar-magic', () => {
  it('rejects an unknown magic', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', magic: Buffer.from('USTAR!') })),
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects ustar with an odd version', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', version: ' 0' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects it on an extended header', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: 'package/x.js' }, { magic: Buffer.from('USTAR!') }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['POSIX magic', { name: 'package/x.js' }],
    ['GNU magic', { name: 'package/x.js', magic: 'gnu' }],
  ] as const)('is silent about %s', (_, fields) => {
    const verdict = inspected(packageWith(entry(fields)));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
