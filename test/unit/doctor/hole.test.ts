/** What a record means for a component: reach, urgency, state. */
import { describe, expect, it } from 'vitest';
import { indexRecords } from '../../../packages/doctor/src/advisories/matching.ts';
import type { AdvisoryRecord } from '../../../packages/doctor/src/advisories/record.ts';
import type { Component } from '../../../packages/doctor/src/component.ts';
import type { OwningPackage } from '../../../packages/doctor/src/find/distribution.ts';
import { holesOf, type Hole, type Holes } from '../../../packages/doctor/src/hole.ts';
import { remedyOf } from '../../../packages/doctor/src/remedy.ts';
import { bundled, locked, record } from './records.ts';

async function holes(
  component: Component,
  one: AdvisoryRecord,
  owner?: OwningPackage,
): Promise<Holes> {
  return holesOf(component, {
    index: indexRecords([one]),
    distribution: { ownerOf: async () => Promise.resolve(owner) },
    platform: 'linux',
  });
}

async function hole(
  component: Component,
  one: AdvisoryRecord,
  owner?: OwningPackage,
): Promise<Hole> {
  const found = await holes(component, one, owner);
  expect(found.holes).toHaveLength(1);
  return found.holes[0]!;
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
  ])('of a hole %s', async (_title, component, one, reach, urgency) => {
    expect(await hole(component, one)).toMatchObject({ reach, urgency, state: 'open' });
  });
});

describe('a distribution', () => {
  const one = record('GHSA-1', {}, { aliases: ['CVE-2026-1'] });

  it('has mended what its changelog names', async () => {
    const owner = { name: 'node-tar', changelog: 'Fix CVE-2026-1' };
    expect((await holes(bundled(), one, owner)).holes).toEqual([]);
  });

  it.each([
    ['another hole', 'Fix CVE-2026-11'],
    ['nothing', undefined],
  ])('makes it unknown where its changelog names %s', async (_title, changelog) => {
    const found = await hole(bundled(), one, { name: 'node-tar', changelog });
    expect(found).toMatchObject({ state: 'unknown', owner: 'node-tar' });
    expect(remedyOf(found)).toContain('the package node-tar does not say');
  });

  it('says nothing of lockfiles', async () => {
    expect(await hole(locked(), one, { name: 'node-tar', changelog: 'CVE-2026-1' })).toMatchObject({
      state: 'open',
    });
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
    [bundled(), record('A-1'), 'upgrade npm to a version that brings tar 2.0.0 or newer'],
    [bundled({}, { itself: true }), record('A-1'), 'upgrade tar to 2.0.0 or newer'],
    [python('pip', false), about('pip'), 'upgrade pip to 2.0.0 or newer'],
    [python('pip', false), about('pip', 'PyPI', false), 'no version of pip without it is known'],
    [locked(), record('A-1'), 'upgrade tar to 2.0.0 or newer'],
    [
      locked(),
      about('tar', 'npm', false),
      'use another library than tar: no version without it is known',
    ],
  ])('%#', async (component, one, text) => {
    expect(remedyOf(await hole(component, one))).toBe(text);
  });
});

describe('what does not match', () => {
  it.each<[string, Component, AdvisoryRecord]>([
    ['a fixed version', locked({ version: '2.0.0' }), record('A-1')],
    ['another package', locked({ name: 'tar-fs' }), record('A-1')],
    ['another ecosystem', locked({ ecosystem: 'PyPI' }), record('A-1')],
    ['a withdrawn record', locked(), record('A-1', {}, { withdrawn: '2026-01-01T00:00:00Z' })],
  ])('%s', async (_title, component, one) => {
    expect(await holes(component, one)).toEqual({ holes: [], problems: [] });
  });

  it('a version that cannot be compared is a problem', async () => {
    const { holes: none, problems } = await holes(locked({ version: '' }), record('A-1'));
    expect(none).toEqual([]);
    expect(problems).toEqual([
      {
        message: 'tar : A-1 cannot be compared: "" is no version that can be compared',
        file: 'package-lock.json',
        line: 7,
      },
    ]);
  });

  it('a version that a record lists by itself matches', async () => {
    const listed = record(
      'A-1',
      {},
      { affected: [{ package: { ecosystem: 'npm', name: 'tar' }, versions: ['1.0.0'] }] },
    );
    expect((await holes(locked(), listed)).holes).toHaveLength(1);
    expect((await holes(locked({ version: '1.0.1' }), listed)).holes).toEqual([]);
  });

  it('a range of commits is not compared', async () => {
    const git = record(
      'A-1',
      {},
      {
        affected: [
          {
            package: { ecosystem: 'npm', name: 'tar' },
            ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }],
          },
        ],
      },
    );
    expect((await holes(locked(), git)).holes).toEqual([]);
  });
});
