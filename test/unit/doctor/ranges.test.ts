/** Whether a version is in a range of OSV. */
import { describe, expect, it } from 'vitest';
import type { OsvEcosystem } from '../../../packages/doctor/src/component.ts';
import { isInRange } from '../../../packages/doctor/src/advisories/matching.ts';
import type { RangeEvent } from '../../../packages/doctor/src/advisories/record.ts';

describe('a range', () => {
  it.each<[string, RangeEvent[], string[], string[]]>([
    ['without an end', [{ introduced: '0' }], ['0.0.0-0', '99.0.0'], []],
    ['with a fix', [{ introduced: '0' }, { fixed: '2.0.0' }], ['2.0.0-rc.1'], ['2.0.0', '2.0.1']],
    [
      'of two branches',
      [{ introduced: '0' }, { fixed: '2.2.2' }, { introduced: '3.0.0' }, { fixed: '4.4.2' }],
      ['2.2.1', '3.0.0', '4.4.1'],
      ['2.2.2', '2.9.9', '4.4.2'],
    ],
    [
      'that ends where the next one begins',
      [{ introduced: '0' }, { fixed: '2.0.0' }, { introduced: '2.0.0' }, { fixed: '3.0.0' }],
      ['1.9.9', '2.0.0', '2.9.9'],
      ['3.0.0'],
    ],
    ['that begins nowhere', [{ fixed: '2.0.0' }], [], ['1.0.0', '2.0.0']],
  ])('%s', (_title, events, inside, outside) => {
    const isIn = (version: string): boolean => isInRange({ ecosystem: 'npm', version }, events);
    expect(inside.filter((version) => !isIn(version))).toEqual([]);
    expect(outside.filter(isIn)).toEqual([]);
  });
});

describe('a pre-release', () => {
  const holds = (ecosystem: OsvEcosystem, version: string, events: RangeEvent[]): boolean =>
    isInRange({ ecosystem, version }, events);

  it.each<[OsvEcosystem, string, string]>([
    ['cpython', '3.13.0', '3.13.0rc2'],
    ['cpython', '3.13.0', '3.13.0a1+'],
    ['Go', '1.25', 'go1.25rc1'],
    ['Go', '1.25.0', 'go1.25beta1 X:boringcrypto'],
    ['Go', '1.25.0', 'v1.25.0-rc.1'],
    ['npm', '4.0.0', '4.0.0-beta.3'],
    ['PyPI', '26.0', '26.0.dev1'],
    ['PyPI', '26.0', '26.0.0rc1'],
    ['RubyGems', '3.0.0', '3.0.0.pre1'],
    ['RubyGems', '3.0', '3.0.0.rc2'],
  ])('of %s %s has what that version brought: %s', (ecosystem, introduced, version) => {
    expect(holds(ecosystem, version, [{ introduced }])).toBe(true);
    expect(holds(ecosystem, version, [{ introduced: '0' }, { fixed: introduced }])).toBe(true);
  });

  it.each<[OsvEcosystem, string, string]>([
    ['cpython', '3.13.0', '3.12.9'],
    ['cpython', '3.13.1', '3.13.0rc2'],
    ['Go', '1.25', 'go1.24.9'],
    ['Go', '1.25.1', 'go1.25rc1'],
    ['Go', '1.25rc2', 'go1.24'],
    ['npm', '4.0.1', '4.0.0-beta.3'],
    ['PyPI', '26.1', '26.0.post1.dev1'],
    ['RubyGems', '3.1', '3.0.0.pre1'],
  ])('of %s before %s has not what that version brought: %s', (ecosystem, introduced, version) =>
    expect(holds(ecosystem, version, [{ introduced }])).toBe(false),
  );

  it.each<[OsvEcosystem, string, string]>([
    ['cpython', '3.13.4', '3.13.4rc1'],
    ['Go', '1.25.2', 'go1.25rc1'],
    ['npm', '4.0.1', '4.0.1-rc.1'],
    ['RubyGems', '3.0.1', '3.0.1.pre1'],
  ])('of %s %s, which is the fixed one, is not fixed: %s', (ecosystem, fixed, version) =>
    expect(holds(ecosystem, version, [{ introduced: '1.0.0' }, { fixed }])).toBe(true),
  );

  it('that is fixed by name is fixed', () => {
    expect(holds('Go', 'go1.25rc2', [{ introduced: '1.25rc1' }, { fixed: '1.25rc2' }])).toBe(false);
    expect(holds('npm', '4.0.0-rc.2', [{ introduced: '3.0.0' }, { fixed: '4.0.0-rc.2' }])).toBe(
      false,
    );
  });
});
