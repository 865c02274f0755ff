import { describe, expect, it } from 'vitest';
import type { Name } from '../../../bench/gateway/contenders.ts';
import { documentOf } from '../../../bench/gateway/documents.ts';
import { largeRows, rowsOf } from '../../../bench/gateway/rows.ts';
import type { Cost, Round, Rounds } from '../../../bench/gateway/scenes.ts';
import { reached } from '../../../bench/stats.ts';

const cost = (wall: number, p99: number): Cost => ({
  wall,
  p50: p99 / 2,
  p99,
  requests: 1000,
  cpu: wall,
  peak: 2e8,
});

const round = (cold: number, warm: number, p99: number): Round => ({
  startup: 100,
  atRest: 1e8,
  costs: { cold: cost(cold, 9), warm: cost(warm, p99), many: cost(1, 1) },
});

const rounds: Rounds = {
  'the registry itself': [round(10, 10, 1)],
  'verdaccio 6': [round(200, 100, 20)],
  'the gateway': [round(250, 25, 30)],
} satisfies Record<Name, Round[]>;

describe('rows of the gateway', () => {
  it('compare it with verdaccio and with the registry, and say whether the goals are reached', () => {
    const rows = rowsOf(rounds, 1);
    const goals = rows.filter(({ goal }) => goal !== undefined);
    expect(goals.map((row) => [row.group, row.name, reached(row)])).toEqual([
      ['gateway: small tarballs again', 'the gateway', true],
      ['gateway: small tarballs again, the time of a request', 'the gateway, 99 of 100', false],
      ['gateway: small tarballs for the first time', 'the gateway', false],
      ['gateway: memory', 'the gateway, 500 connections with small tarballs', true],
    ]);
    expect(goals[0]).toMatchObject({ speed: { median: 4 }, bareSpeed: { median: 0.4 } });
  });

  it('leave out what a server cannot do, such as answering without the registry', () => {
    expect(rowsOf(rounds, 1).filter(({ group }) => group.includes('down'))).toEqual([]);
  });

  it('bound the memory of large tarballs', () => {
    const [other, own] = largeRows([
      { name: 'large', contender: 'verdaccio 6', wall: 100, peak: 1e8 },
      { name: 'large', contender: 'the gateway', wall: 50, peak: 4e8 },
    ]);
    expect(other).not.toHaveProperty('goal');
    expect(own).toMatchObject({ ratio: { median: 0.5 }, peakBytes: 4e8 });
    expect(reached(own!)).toBe(false);
  });
});

describe('a document of the benchmark', () => {
  it('names the tarballs, and is shorter when abbreviated', () => {
    const { whole, abbreviated } = documentOf(
      'name',
      new Map([['1.0.0', { integrity: 'sha512-x' }]]),
      (version) => `http://127.0.0.1/name-${version}.tgz`,
    );
    const document = JSON.parse(abbreviated.plain.toString()) as Record<string, unknown>;
    expect(document).toMatchObject({
      'dist-tags': { latest: '1.0.0' },
      versions: { '1.0.0': { dist: { tarball: 'http://127.0.0.1/name-1.0.0.tgz' } } },
    });
    expect(abbreviated.plain.length).toBeLessThan(whole.plain.length / 2);
  });
});
