/** Whether a version is in a range of OSV. */
import { describe, expect, it } from 'vitest';
import { isInRange } from '../../../packages/doctor/src/advisories/events.ts';
import type { RangeEvent } from '../../../packages/doctor/src/advisories/record.ts';
import { comparatorOf } from '../../../packages/doctor/src/advisories/versions.ts';

const npm = comparatorOf('npm');

describe('a range', () => {
  it.each<[string, RangeEvent[], string[], string[]]>([
    ['without an end', [{ introduced: '0' }], ['0.0.0-0', '99.0.0'], []],
    ['with a fix', [{ introduced: '0' }, { fixed: '2.0.0' }], ['2.0.0-rc.1'], ['2.0.0', '2.0.1']],
    [
      'with a last version',
      [{ introduced: '1.0.0' }, { last_affected: '1.5.0' }],
      ['1.0.0', '1.5.0'],
      ['0.9.9', '1.5.1'],
    ],
    [
      'of one version',
      [{ introduced: '1.5.0' }, { last_affected: '1.5.0' }],
      ['1.5.0'],
      ['1.4.9', '1.5.1'],
    ],
    [
      'of two branches, in any order',
      [{ fixed: '4.4.2' }, { introduced: '3.0.0' }, { fixed: '2.2.2' }, { introduced: '0' }],
      ['2.2.1', '3.0.0', '4.4.1'],
      ['2.2.2', '2.9.9', '4.4.2'],
    ],
    [
      'that ends where the next one begins',
      [{ introduced: '0' }, { fixed: '2.0.0' }, { introduced: '2.0.0' }, { fixed: '3.0.0' }],
      ['1.9.9', '2.0.0', '2.9.9'],
      ['3.0.0'],
    ],
    ['with a limit', [{ introduced: '0' }, { limit: '2.0.0' }], ['1.9.9'], ['2.0.0', '3.0.0']],
    ['with a limit of all', [{ introduced: '0' }, { limit: '*' }], ['3.0.0'], []],
    ['that begins nowhere', [{ fixed: '2.0.0' }], [], ['1.0.0', '2.0.0']],
  ])('%s', (_title, events, inside, outside) => {
    expect(inside.filter((version) => !isInRange(version, events, npm))).toEqual([]);
    expect(outside.filter((version) => isInRange(version, events, npm))).toEqual([]);
  });
});
