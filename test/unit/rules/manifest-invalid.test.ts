import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'manifest-invalid';

describe('manifest-invalid', () => {
  it('rejects broken JSON', () => {
    const verdict = inspected(tgz({ manifest: Buffer.from('{"name": ') }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a list', () => {
    const verdict = inspected(tgz({ manifest: Buffer.from('[]') }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an empty file', () => {
    const verdict = inspected(tgz({ manifest: Buffer.alloc(0) }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects bytes that are no UTF-8', () => {
    const verdict = inspected(tgz({ manifest: Buffer.from('{"name":"\xff"}', 'latin1') }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects comments', () => {
    const verdict = inspected(tgz({ manifest: Buffer.from('{} // x') }));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a byte order mark', () => {
    const verdict = inspected(
      tgz({ manifest: Buffer.from('\ufeff{"name":"fixture","version":"1.0.0"}') }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about Windows line ends', () => {
    const verdict = inspected(
      tgz({ manifest: Buffer.from('{\r\n"name":"fixture",\r\n"version":"1.0.0"}\r\n') }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
