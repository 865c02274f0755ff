import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'manifest-unsafe-name';

describe('manifest-unsafe-name', () => {
  it('rejects a dependency that climbs', () => {
    const verdict = inspected(tgz({ manifest: { dependencies: { '../../evil': '1.0.0' } } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('rejects a dependency instead of .bin', () => {
    const verdict = inspected(tgz({ manifest: { optionalDependencies: { '.bin': '1.0.0' } } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('rejects a dependency inside another', () => {
    const verdict = inspected(tgz({ manifest: { dependencies: { 'lodash/fp': '1.0.0' } } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('rejects a bundled name that climbs', () => {
    const verdict = inspected(tgz({ manifest: { bundleDependencies: ['../../evil'] } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('rejects backslash, drive and control characters', () => {
    const verdict = inspected(
      tgz({ manifest: { dependencies: { 'a\\b': '1', 'C:x': '1', 'a\nb': '1' } } }),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it.each([
    ['a name that Windows shortens', { dependencies: { 'lodash.': '1.0.0' } }],
    ['node_modules as a name', { dependencies: { '@scope/node_modules': '1.0.0' } }],
    ['a development dependency that climbs', { devDependencies: { '../evil': '1.0.0' } }],
  ])('rejects %s', (_, manifest) => {
    const verdict = inspected(tgz({ manifest }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('rejects a version that climbs', () => {
    const verdict = inspected(tgz({ version: '1.0.0/../../x' }), { expected: {} });
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('is silent about scoped and old-style names', () => {
    const verdict = inspected(
      tgz({
        manifest: {
          dependencies: { '@scope/a.b': '1', JSONStream: '1', 'a_b~c': '1' },
          peerDependencies: { react: '*' },
        },
      }),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about odd development dependencies, which nobody installs', () => {
    const verdict = inspected(
      tgz({ manifest: { devDependencies: { 'git://example.invalid/x': '*' } } }),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about a prerelease version', () => {
    expectSilent(inspected(tgz({ version: '1.0.0-rc.1' }), { expected: {} }), RULE);
  });
});
