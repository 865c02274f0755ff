import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'hardlink';

describe('hardlink', () => {
  it('rejects a hard link out of the package', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/hard', typeflag: '1', linkname: '../../secret' })),
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/hard', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a hard link inside', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/hard', typeflag: '1', linkname: 'package/index.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/hard' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about the same content twice', () => {
    const verdict = inspected(tgz({ files: { 'copy.js': 'module.exports = 1\n' } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about hard links under the policy that allows them', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/hard', typeflag: '1', linkname: 'package/index.js' })),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
