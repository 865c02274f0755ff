import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'manifest-name-mismatch';

describe('manifest-name-mismatch', () => {
  it('rejects another name', () => {
    const verdict = inspected(tgz({ manifest: { name: 'other' } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects another case', () => {
    const verdict = inspected(tgz({ manifest: { name: 'Fixture' } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects no name', () => {
    const verdict = inspected(tgz({ manifest: { name: undefined } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a name in another scope', () => {
    const verdict = inspected(tgz({ manifest: { name: '@evil/fixture' } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about the name that was asked for', () => {
    const verdict = inspected(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about any name where nobody asked for one, as with git and file dependencies', () => {
    const verdict = inspected(tgz({ manifest: { name: 'other' } }), { expected: {} });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
