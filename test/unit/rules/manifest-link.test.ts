import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'manifest-link';

describe('manifest-link', () => {
  it('rejects a link instead of package.json', () => {
    const verdict = inspected(
      tgz({
        manifest: null,
        entries: [entry({ name: 'package/package.json', typeflag: '2', linkname: 'x.json' })],
      }),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/package.json' }]);
  });

  it('rejects a folder', () => {
    const verdict = inspected(
      tgz({ manifest: null, entries: [entry({ name: 'package/package.json/', typeflag: '5' })] }),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/package.json' }]);
  });

  it('rejects it where links are allowed', () => {
    const verdict = inspected(
      tgz({
        manifest: null,
        entries: [entry({ name: 'package/package.json', typeflag: '2', linkname: 'x.json' })],
      }),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it.each([
    ['an ordinary package.json', tgz()],
    ['the old spelling of a file', tgz({ defaults: { typeflag: 0 } })],
  ])('is silent about %s', (_, archive) => {
    expectSilent(inspected(archive), RULE);
  });
});
