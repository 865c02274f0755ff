import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'manifest-duplicate';

describe('manifest-duplicate', () => {
  it('rejects two package.json that differ', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/package.json', body: '{"name":"fixture","version":"1.0.0","x":1}' }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/package.json', entryIndex: 2 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one from another first folder', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'other/package.json', body: '{"name":"fixture","version":"1.0.0"}' }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'other/package.json' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about package.json in other folders', () => {
    const verdict = inspected(tgz({ files: { 'esm/package.json': '{"type":"module"}' } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about the same twice', () => {
    const verdict = inspected(
      tgz({
        manifest: Buffer.from('{"name":"fixture","version":"1.0.0"}'),
        entries: [
          entry({ name: 'package/./package.json', body: '{"name":"fixture","version":"1.0.0"}' }),
        ],
      }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
