import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'bin-escapes';

describe('bin-escapes', () => {
  it('rejects a target outside the package', () => {
    const verdict = inspected(tgz({ manifest: { bin: { tool: '../../../evil.sh' } } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an absolute target', () => {
    const verdict = inspected(tgz({ manifest: { bin: { tool: '/bin/sh' } } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a climb by backslashes', () => {
    const verdict = inspected(tgz({ manifest: { bin: { tool: '..\\..\\evil.js' } } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a name that leaves .bin', () => {
    const verdict = inspected(tgz({ manifest: { bin: { '../../evil': 'index.js' } } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a single target outside', () => {
    const verdict = inspected(tgz({ manifest: { bin: '../evil.js' } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a target in a list', () => {
    const verdict = inspected(tgz({ manifest: { bin: ['../evil.js'] } }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about targets with and without `./`', () => {
    const verdict = inspected(tgz({ manifest: { bin: { a: './index.js', b: 'index.js' } } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a way through a folder and back', () => {
    const verdict = inspected(tgz({ manifest: { bin: { a: 'lib/../index.js' } } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a scoped command', () => {
    const verdict = inspected(tgz({ manifest: { bin: { '@scope/a': 'index.js' } } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
