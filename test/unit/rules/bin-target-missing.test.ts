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

  it.each([
    [
      'a target that is a folder, which another rule refuses',
      { manifest: { bin: 'lib' }, files: { 'lib/a.js': '' } },
      'reject',
    ],
    ['a target that is there', { manifest: { bin: './index.js' } }, 'accept'],
    [
      'a target in capitals',
      { manifest: { bin: 'Bin/Tool.js' }, files: { 'Bin/Tool.js': '' } },
      'accept',
    ],
    [
      'a bundled target',
      { manifest: { bin: 'node_modules/dep/x.js' }, files: { 'node_modules/dep/x.js': '' } },
      'accept',
    ],
  ])('is silent about %s', (_, options, expected) => {
    const verdict = inspected(tgz(options));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe(expected);
  });
});
