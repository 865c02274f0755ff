import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'gzip-header';

describe('gzip-header', () => {
  it('rejects a reserved flag', () => {
    const verdict = inspected(tgz({}, { flags: 0x20 }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 0 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a header checksum, right or wrong', () => {
    const verdict = inspected(tgz({}, { headerCrc: true }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an extra field', () => {
    const verdict = inspected(tgz({}, { extra: Buffer.from('ab') }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects another method than deflate', () => {
    const verdict = inspected(tgz({}, { method: 7 }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about time, system and level in the header', () => {
    const verdict = inspected(tgz({}, { mtime: 499162500, os: 3, xfl: 4 }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a file name, which has a rule of its own', () => {
    const verdict = inspected(tgz({}, { name: 'package.tar' }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
