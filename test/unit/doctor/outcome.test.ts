/** The exit code, and the order of the holes. */
import { describe, expect, it } from 'vitest';
import { examine } from '../../../packages/doctor/src/examine.ts';
import { doctorOutcome, type FailOn } from '../../../packages/doctor/src/report.ts';
import { examination, hole } from './examinations.ts';
import { locked, record } from './records.ts';
import { machine } from './stand-in.ts';

const low = hole({ component: locked(), reach: 'none', urgency: 'low' });
const unknown = hole({ state: 'unknown' });

describe('the exit code', () => {
  it.each([
    ['nothing', {}, 'low', 0],
    ['a hole', { holes: [hole()] }, 'high', 1],
    ['a hole that is not urgent enough', { holes: [low] }, 'medium', 0],
    ['a hole, where none counts', { holes: [hole()] }, 'none', 0],
    ['something unknown', { holes: [unknown] }, 'high', 0],
    ['something unknown, where none counts', { holes: [unknown] }, 'none', 0],
    ['a hole and something unknown', { holes: [unknown, low] }, 'low', 1],
    ['a problem', { problems: [{ message: 'x', file: 'y' }] }, 'none', 2],
    [
      'a problem and a hole',
      { problems: [{ message: 'x', file: 'y' }], holes: [hole()] },
      'low',
      1,
    ],
  ] as const)('for %s', (_title, more, failOn: FailOn, code) => {
    expect(doctorOutcome(examination(more), { failOn }).code).toBe(code);
  });

  it.each([
    [{ holes: [unknown] }, 'low', '1 hole may be fixed'],
    [{ holes: [hole()] }, 'none', '--fail-on none counts no hole'],
    [{ holes: [low] }, 'high', '--fail-on high counts no hole'],
    [{ holes: [low, low] }, 'low', '2 known holes are open'],
  ] as const)('has its reason: %j %s', (more, failOn: FailOn, reason) => {
    expect(doctorOutcome(examination(more), { failOn }).reason).toBe(reason);
  });
});

describe('the order', () => {
  it('is by reach, urgency, and whether it is known', async () => {
    const yarn = {
      package: { ecosystem: 'npm', name: 'yarn' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }],
    } as const;
    const records = [
      record('A-none', { reach: 'none' }, { affected: [yarn] }),
      record('B-dos', { kind: 'dos' }, { affected: [yarn] }),
      record('C-high', {}, { affected: [yarn], modified: '2026-11-26T00:00:00Z' }),
      record('D-repository', { reach: 'repository' }, { affected: [yarn] }),
    ];
    const { date, holes, components } = await examine({
      records,
      machine: machine({
        programs: { yarn: '/missing/yarn' },
        printed: (call) => (call.endsWith('--version') ? '1.0.0' : undefined),
      }),
      folders: [],
    });
    expect(components.map(({ name }) => name)).toEqual(['yarn']);
    expect(holes.map(({ record: { id } }) => id)).toEqual([
      'C-high',
      'B-dos',
      'D-repository',
      'A-none',
    ]);
    expect(date).toBe('2026-11-26');
  });
});
