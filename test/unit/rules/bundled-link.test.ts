import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'bundled-link';

describe('bundled-link', () => {
  it('rejects a link in a bundled dependency', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/node_modules/dep/link', typeflag: '2', linkname: 'x' })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/node_modules/dep/link', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each([
    ['it where links are allowed', 'package/node_modules/dep/link', 'x'],
    ['a link instead of node_modules', 'package/node_modules', 'lib'],
  ])('rejects %s', (_, name, linkname) => {
    const verdict = inspected(packageWith(entry({ name, typeflag: '2', linkname })), {
      policy: { ...DEFAULT_POLICY, links: 'contained' },
    });
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about bundled files', () => {
    expectSilent(inspected(tgz({ files: { 'node_modules/dep/package.json': '{}' } })), RULE);
  });

  it('is silent about a link elsewhere, where links are allowed', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: 'index.js' })),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expectSilent(verdict, RULE);
  });
});
