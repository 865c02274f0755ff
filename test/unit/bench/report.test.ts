import { describe, expect, it } from 'vitest';
import { circumstances, merge } from '../../../bench/report.ts';
import type { PartResult } from '../../../bench/result.ts';

const result = (date: string): PartResult => ({
  date,
  node: 'v20.19.0',
  platform: 'linux x64',
  processor: 'P',
  cores: 2,
  load: 0,
  rows: [],
});

describe('merge', () => {
  const order = ['a', 'b', 'c'];

  it('replaces the part and keeps the others, in their order', () => {
    const before = { c: result('1'), a: result('1') };
    const after = merge(merge(before, ['b', result('2')], order), ['a', result('3')], order);
    expect(Object.entries(after).map(([name, { date }]) => `${name}${date}`)).toEqual([
      'a3',
      'b2',
      'c1',
    ]);
    expect(Object.keys(before)).toEqual(['c', 'a']);
  });

  it('drops parts that are no more', () => {
    expect(Object.keys(merge({ gone: result('1') }, ['a', result('2')], order))).toEqual(['a']);
  });
});

describe('circumstances', () => {
  it('name no machine', () => {
    expect(Object.keys(circumstances())).toEqual([
      'date',
      'node',
      'platform',
      'processor',
      'cores',
      'load',
    ]);
  });
});
