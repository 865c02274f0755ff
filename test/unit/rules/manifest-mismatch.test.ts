import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

describe('manifest-name-mismatch', () => {
  const RULE = 'manifest-name-mismatch';

  it.each([
    ['another name', 'other'],
    ['another case', 'Fixture'],
    ['no name', undefined],
    ['a name in another scope', '@evil/fixture'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(tgz({ manifest: { name } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('is silent about the name that was asked for', () => {
    expectSilent(inspected(tgz()), RULE);
  });

  it('is silent about any name where nobody asked for one, as with git and file dependencies', () => {
    expectSilent(inspected(tgz({ manifest: { name: 'other' } }), { expected: {} }), RULE);
  });
});

describe('manifest-version-mismatch', () => {
  const RULE = 'manifest-version-mismatch';

  it.each([
    ['another version', '99.0.0'],
    ['a version that only begins alike', '1.0.0-beta'],
    ['no version', undefined],
  ])('rejects %s', (_, version) => {
    const verdict = inspected(tgz({ manifest: { version } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('is silent about the version that was asked for', () => {
    expectSilent(inspected(tgz()), RULE);
  });

  it('is silent about a leading v and build data, which registries drop', () => {
    expectSilent(inspected(tgz({ manifest: { version: 'v1.0.0+build.5' } })), RULE);
  });

  it('is silent about any version where nobody asked for one', () => {
    expectSilent(inspected(tgz({ manifest: { version: '2.0.0' } }), { expected: {} }), RULE);
  });

  it('rejects a version that is a million signs of build metadata', () => {
    const version = `1.0.0${'+'.repeat(1_000_000)}\nx`;
    const verdict = inspected(tgz({ manifest: { version } }), {
      expected: { name: 'fixture', version: '1.0.0' },
    });
    expect(verdict.of(RULE)).toHaveLength(1);
  });
});
