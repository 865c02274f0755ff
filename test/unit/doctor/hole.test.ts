/** What a record means for a component: reach, urgency, state. */
import { describe, expect, it } from 'vitest';
import { indexRecords } from '../../../packages/doctor/src/advisories/matching.ts';
import type { AdvisoryRecord } from '../../../packages/doctor/src/advisories/record.ts';
import type { Component } from '../../../packages/doctor/src/component.ts';
import { holesOf, type Hole } from '../../../packages/doctor/src/hole.ts';
import { bundled, locked, record } from './records.ts';

function holes(
  component: Component,
  advisory: AdvisoryRecord,
  platform: NodeJS.Platform = 'linux',
): ReturnType<typeof holesOf> {
  return holesOf(component, { index: indexRecords([advisory]), platform });
}

function hole(component: Component, advisory: AdvisoryRecord, platform?: NodeJS.Platform): Hole {
  const listed = holes(component, advisory, platform) as readonly Hole[];
  expect(listed).toHaveLength(1);
  return listed[0]!;
}

const asPnpm = (one: AdvisoryRecord): AdvisoryRecord => ({
  ...one,
  affected: one.affected.map((part) => ({ ...part, package: { ecosystem: 'npm', name: 'pnpm' } })),
});

describe('reach and urgency', () => {
  it.each<[string, Component, AdvisoryRecord, string, string]>([
    ['in a manager', bundled(), record('A-1'), 'manager', 'high'],
    ['that holds up a manager', bundled(), record('A-1', { kind: 'dos' }), 'manager', 'medium'],
    ['in a project', locked(), record('A-1'), 'script', 'medium'],
    ['that holds up a script', locked(), record('A-1', { kind: 'dos' }), 'script', 'low'],
    [
      'of which a project is said more',
      locked(),
      record('A-1', { reachInProject: 'none' }),
      'none',
      'low',
    ],
    [
      'that npm keeps away',
      bundled(),
      record('A-1', { reach: 'none', reachInProject: 'script' }),
      'none',
      'low',
    ],
    [
      'a project has that',
      locked(),
      record('A-1', { reach: 'none', reachInProject: 'script' }),
      'script',
      'medium',
    ],
    ['beside pnpm', bundled({}, { program: 'pnpm' }), record('A-1'), 'script', 'medium'],
    [
      'of a manager in a project',
      locked({ name: 'pnpm' }),
      asPnpm(record('A-1')),
      'manager',
      'high',
    ],
    [
      'of a hostile repository',
      bundled(),
      record('A-1', { reach: 'repository' }),
      'repository',
      'medium',
    ],
    ['on another platform', bundled(), record('A-1', { platforms: ['win32'] }), 'none', 'low'],
    ['on this platform', bundled(), record('A-1', { platforms: ['linux'] }), 'manager', 'high'],
    [
      'on another platform, of a project',
      locked(),
      record('A-1', { platforms: ['win32'] }),
      'script',
      'medium',
    ],
    [
      'behind the filter of tarfile',
      bundled({ tarFilter: true }),
      record('A-1', { notWithTarFilter: true }),
      'none',
      'low',
    ],
    [
      'without the filter of tarfile',
      bundled(),
      record('A-1', { notWithTarFilter: true }),
      'manager',
      'high',
    ],
  ])('of a hole %s', (_title, component, one, reach, urgency) => {
    expect(hole(component, one)).toMatchObject({ reach, urgency, state: 'open' });
  });
});

describe('a distribution', () => {
  it.each([
    ['/usr/lib/python3.13/tarfile.py', 'unknown'],
    ['/usr/share/nodejs/npm', 'unknown'],
    ['/lib/python3/dist-packages/pip/__init__.py', 'unknown'],
    ['/usr/lib/node_modules/pnpm', 'open'],
    ['/usr/local/lib/node_modules/npm', 'open'],
    ['/home/user/.local/bin/uv', 'open'],
  ])('may have fixed %s: %s', (path, state) => {
    const found = hole(bundled({}, { path }), record('A-1'));
    expect(found.state).toBe(state);
    expect(found.remedy.startsWith('install the updates of your distribution')).toBe(
      state === 'unknown',
    );
  });

  it('fixes nothing elsewhere than on Linux', () => {
    const component = bundled({}, { path: '/usr/lib/ruby' });
    expect(hole(component, record('A-1'), 'darwin').state).toBe('open');
  });
});

describe('what to do', () => {
  const python = (name: string, itself: boolean): Component =>
    bundled({ ecosystem: 'PyPI', name }, { program: 'python', itself });
  const about = (name: string, ecosystem = 'PyPI', fixed = true): AdvisoryRecord => ({
    ...record('A-1'),
    affected: [
      {
        package: { ecosystem, name },
        ranges: [
          {
            type: 'ECOSYSTEM',
            events: [{ introduced: '0' }, ...(fixed ? [{ fixed: '2.0.0' }] : [])],
          },
        ],
      },
    ],
  });

  it.each<[Component, AdvisoryRecord, string]>([
    [bundled(), record('A-1'), 'upgrade npm to a version that contains tar 2.0.0 or newer'],
    [bundled({}, { itself: true }), record('A-1'), 'upgrade tar to 2.0.0 or newer'],
    [python('pip', false), about('pip'), 'upgrade pip to 2.0.0 or newer'],
    [python('pip', false), about('pip', 'PyPI', false), 'no version of pip without it is known'],
    [locked(), record('A-1'), 'upgrade tar to 2.0.0 or newer'],
    [
      locked(),
      about('tar', 'npm', false),
      'use another library than tar: no version without it is known',
    ],
  ])('%#', (component, one, text) => {
    expect(hole(component, one).remedy).toBe(text);
  });
});

describe('what does not match', () => {
  it.each<[string, Component, AdvisoryRecord]>([
    ['a fixed version', locked({ version: '2.0.0' }), record('A-1')],
    ['another package', locked({ name: 'tar-fs' }), record('A-1')],
    ['another ecosystem', locked({ ecosystem: 'PyPI' }), record('A-1')],
  ])('%s', (_title, component, one) => {
    expect(holes(component, one)).toEqual([]);
  });

  it('a version that cannot be compared is a problem', () => {
    expect(holes(locked({ version: '' }), record('A-1'))).toEqual({
      message: 'tar : "" is no version that can be compared',
      file: 'package-lock.json',
      line: 7,
    });
  });
});
