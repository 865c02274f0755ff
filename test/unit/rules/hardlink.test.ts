import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'hardlink';

describe('hardlink', () => {
  it('rejects a hard link out of the package', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/hard', typeflag: '1', linkname: '../../secret' })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/hard', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects a hard link inside', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/hard', typeflag: '1', linkname: 'package/index.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/hard' }]);
  });

  it('is silent about the same content twice', () => {
    expectSilent(inspected(tgz({ files: { 'copy.js': 'module.exports = 1\n' } })), RULE);
  });

  it('is silent about hard links under the policy that allows them', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/hard', typeflag: '1', linkname: 'package/index.js' })),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expectSilent(verdict, RULE);
  });
});
