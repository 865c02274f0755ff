/** The exit code, and the order of the holes. */
import { describe, expect, it } from 'vitest';
import { examine, type Examination } from '../../../packages/doctor/src/examine.ts';
import { doctorOutcome, type Demands } from '../../../packages/doctor/src/outcome.ts';
import type { ProbeReport, Probed } from '../../../packages/doctor/src/probe/probe.ts';
import { examination, hole } from './examinations.ts';
import { locked, record } from './records.ts';
import { machine } from './stand-in.ts';

function exitCode(found: Examination, demands: Partial<Demands>): number {
  return doctorOutcome(found, { failOn: 'low', strict: false, ...demands }).code;
}

const low = hole({ component: locked(), reach: 'none', urgency: 'low' });
const unknown = hole({ state: 'unknown', owner: 'node-tar' });

const probed = (more: Partial<Probed>): ProbeReport => ({
  confined: true,
  results: [{ title: 'a', path: '/a', tried: true, escaped: [], links: [], kept: 0, ...more }],
});

describe('the exit code', () => {
  it.each([
    ['nothing', {}, 'low', 0],
    ['a hole', { holes: [hole()] }, 'high', 1],
    ['a hole that is not urgent enough', { holes: [low] }, 'medium', 0],
    ['a hole, where none counts', { holes: [hole()] }, 'none', 0],
    ['something unknown', { holes: [unknown] }, 'high', 0],
    ['something unknown, where none counts', { holes: [unknown] }, 'none', 0],
    ['a hole and something unknown', { holes: [unknown, low] }, 'low', 1],
    [
      'something that wrote outside',
      { probe: probed({ escaped: [{ id: 'a', by: 'b' }] }) },
      'none',
      1,
    ],
    ['a link to the outside', { probe: probed({ links: [{ id: 'a', by: 'b' }] }) }, 'low', 0],
    ['something that could not be tried', { probe: probed({ tried: false }) }, 'none', 2],
    ['a problem', { problems: [{ message: 'x' }] }, 'none', 2],
    ['a problem and a hole', { problems: [{ message: 'x' }], holes: [hole()] }, 'low', 1],
  ] as const)('for %s', (_title, more, failOn, code) => {
    expect(exitCode(examination(more), { failOn, strict: false })).toBe(code);
  });
});

describe('with --strict, the exit code', () => {
  it.each([
    ['something unknown', { holes: [unknown] }, 'high', 2],
    ['something unknown, where none counts', { holes: [unknown] }, 'none', 0],
    [
      'something unknown that is not urgent enough',
      { holes: [{ ...low, state: 'unknown' }] },
      'high',
      0,
    ],
    ['a hole and something unknown', { holes: [unknown, low] }, 'low', 1],
  ] as const)('for %s', (_title, more, failOn, code) => {
    expect(exitCode(examination(more), { failOn, strict: true })).toBe(code);
  });
});

describe('the order', () => {
  it('is by reach, urgency, and whether it is known', async () => {
    const records = [
      record('A-none', { reach: 'none' }),
      record('B-dos', { kind: 'dos' }),
      record('C-high'),
      record('D-repository', { reach: 'repository' }),
    ];
    const { holes, components } = await examine({
      set: { records, date: '2026-11-25' },
      machine: machine({
        programs: { yarn: '/missing/yarn' },
        printed: (call) => (call.endsWith('--version') ? '1.0.0' : undefined),
      }),
      folders: [],
      distribution: { ownerOf: async () => Promise.resolve(undefined) },
    });
    expect(components.map(({ name }) => name)).toEqual(['yarn']);
    expect(holes).toEqual([]);
    const tar = { ...records[0]!.affected[0]!, package: { ecosystem: 'npm', name: 'yarn' } };
    const again = await examine({
      set: { records: records.map((one) => ({ ...one, affected: [tar] })), date: '2026-11-25' },
      machine: machine({
        programs: { yarn: '/missing/yarn' },
        printed: (call) => (call.endsWith('--version') ? '1.0.0' : undefined),
      }),
      folders: [],
      distribution: { ownerOf: async () => Promise.resolve(undefined) },
    });
    expect(again.holes.map(({ record: { id } }) => id)).toEqual([
      'C-high',
      'B-dos',
      'D-repository',
      'A-none',
    ]);
  });
});
