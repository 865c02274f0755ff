import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'empty-path';

describe('empty-path', () => {
  it('rejects an entry without a name', () => {
    const verdict = inspected(packageWith(entry({ name: '', body: 'x' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: '', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a name that begins with NUL', () => {
    const verdict = inspected(packageWith(entry({ name: '\0ackage/x.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an empty name although a PAX path follows it, where pnpm stops', () => {
    const verdict = inspected(
      packageWith(pax({ path: `package/${'d/'.repeat(50)}x.js` }), entry({ name: '' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an empty name behind a prefix', () => {
    const verdict = inspected(
      packageWith(entry({ name: '', prefix: 'package/lib', typeflag: '5' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/lib' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an extended header without a name', () => {
    const verdict = inspected(
      packageWith(pax({ path: 'package/x.js' }, { name: '' }), entry({ name: 'package/x.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about an empty file', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/empty' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
