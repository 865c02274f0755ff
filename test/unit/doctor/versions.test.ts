/** How versions are ordered in each ecosystem. */
import { describe, expect, it } from 'vitest';
import type { OsvEcosystem } from '../../../packages/doctor/src/component.ts';
import { comparatorOf, VersionError } from '../../../packages/doctor/src/advisories/versions.ts';

const ordered: readonly (readonly [OsvEcosystem, readonly string[]])[] = [
  ['npm', ['0.0.0-0', '1.0.0-rc.1', '1', '1.2', '1.2.1', '1.10.0', '2.0.0']],
  ['PyPI', ['25.3.dev1', '25.3a1', '25.3rc1', '25.3', '25.3.post1', '25.3.1', '26.0']],
  ['cpython', ['3.9.23', '3.13.0rc2', '3.13.0', '3.13.4', '3.15.0']],
  ['RubyGems', ['2.4.5.3.pre', '2.4.5.3', '2.5', '2.5.2', '2.5.2.1', '2.10']],
  [
    'Go',
    [
      '1.9',
      '1.11.0-0',
      'go1.11beta1',
      'go1.11rc1',
      '1.11',
      'go1.11.3',
      '1.22.4 X:boringcrypto',
      'v1.23.0',
    ],
  ],
  ['Go', ['v0.0.0-20240101000000-abcdefabcdef', 'v0.40.0']],
];

describe('versions', () => {
  it.each(ordered)('of %s', (ecosystem, versions) => {
    const compare = comparatorOf(ecosystem);
    for (const [index, version] of versions.entries()) {
      const signs = versions.map((other) => Math.sign(compare(version, other)));
      expect(signs).toEqual(versions.map((_, at) => Math.sign(index - at)));
    }
  });

  it.each<[OsvEcosystem, string]>([
    ['npm', '1.0.0'],
    ['PyPI', '1.0'],
    ['RubyGems', '1.0'],
    ['Go', '1.0.0'],
    ['cpython', '3.1.0'],
  ])('of %s are an error where they are something else', (ecosystem, version) => {
    const compare = comparatorOf(ecosystem);
    for (const other of ['', 'latest', 'git+ssh://x', '1.0.0 || 2'])
      expect(() => compare(version, other)).toThrow(VersionError);
  });

  it('reads equal what is written in two ways', () => {
    expect(comparatorOf('Go')('go1.22', '1.22.0')).toBe(0);
    expect(comparatorOf('PyPI')('1.0', '1.0.0')).toBe(0);
    expect(comparatorOf('cpython')('3.13.5+', '3.13.5')).toBe(0);
  });
});
