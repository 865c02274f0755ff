import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'bin-target-missing';

describe('bin-target-missing', () => {
  it('notes a target that is not there', () => {
    const verdict = inspected(tgz({ manifest: { bin: { tool: './nowhere.js' } } }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'note', entry: 'package/package.json' }]);
    expect(verdict.status).toBe('accept');
  });

  it('notes one in what a dependency would bring', () => {
    const bin = { tool: 'node_modules/dep/bin/tool' };
    expect(inspected(tgz({ manifest: { bin } })).of(RULE)).toMatchObject([{ level: 'note' }]);
  });

  it('notes one that takes a hundred thousand detours, in no time to speak of', () => {
    const bin = `${'b'.repeat(1_000_000)}/${'a/../'.repeat(100_000)}x`;
    const verdict = inspected(tgz({ manifest: { bin } }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'note' }]);
  });

  it('is silent about an empty bin, of which nobody makes a command', () => {
    const verdict = inspected(tgz({ manifest: { bin: '' } }));
    expect(verdict.findings).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a target that is a folder, which another rule refuses', () => {
    const verdict = inspected(tgz({ manifest: { bin: 'lib' }, files: { 'lib/a.js': '' } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a target that is there', () => {
    const verdict = inspected(tgz({ manifest: { bin: './index.js' } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a target in capitals', () => {
    const verdict = inspected(
      tgz({ manifest: { bin: 'Bin/Tool.js' }, files: { 'Bin/Tool.js': '' } }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a bundled target', () => {
    const verdict = inspected(
      tgz({ manifest: { bin: 'node_modules/dep/x.js' }, files: { 'node_modules/dep/x.js': '' } }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
