import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'manifest-version-mismatch';

describe('manifest-version-mismatch', () => {
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
