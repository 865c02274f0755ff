import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'duplicate-path';

describe('duplicate-path', () => {
  it('rejects a path twice with other bytes', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/index.js', body: 'evil' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/index.js', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects it by way of `.`', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/./index.js', body: 'evil' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/./index.js' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects it from another first folder', () => {
    const verdict = inspected(packageWith(entry({ name: 'other/index.js', body: 'evil' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'other/index.js' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects equal bytes where one is executable', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/index.js', body: 'module.exports = 1\n', mode: 0o755 })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/index.js' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects the third of three', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/index.js', body: 'module.exports = 1\n' }),
        entry({ name: 'package/index.js', body: 'evil' }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 3 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about the same name in two folders', () => {
    const verdict = inspected(tgz({ files: { 'lib/index.js': 'x' } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about equal bytes, which are only a warning', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/./index.js', body: 'module.exports = 1\n' })),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
