import { describe, expect, it } from 'vitest';
import type { Row } from '../../../bench/result.ts';
import { ratios, reached, spread } from '../../../bench/stats.ts';

describe('spread', () => {
  it.each([
    [[3], { median: 3, min: 3, max: 3 }],
    [[10, 9, 100], { median: 10, min: 9, max: 100 }],
    [[4, 1, 3, 2], { median: 2.5, min: 1, max: 4 }],
    [[-5, 5], { median: 0, min: -5, max: 5 }],
  ])('of %j', (values, wanted) => {
    expect(spread(values)).toEqual(wanted);
  });

  it('is nothing of nothing', () => {
    expect(() => spread([])).toThrow('nothing was measured');
  });
});

describe('ratios', () => {
  it('compares what was measured in the same round', () => {
    expect(ratios([2, 30, 8], [1, 10, 8])).toEqual({ median: 2, min: 1, max: 3 });
  });

  it('compares no rounds of which one is missing', () => {
    expect(() => ratios([1, 2], [1])).toThrow('not measured in the same rounds');
  });
});

describe('reached', () => {
  const row: Row = {
    group: 'g',
    name: 'n',
    time: spread([10]),
    unit: 'wall ms',
    rounds: 1,
    ratio: spread([1.1]),
    peakBytes: 100,
    fileBytes: 40,
  };
  it.each([
    [{ of: 'ratio', most: 1.1 }, true],
    [{ of: 'ratio', most: 1.09 }, false],
    [{ of: 'ratio', least: 1.2 }, false],
    [{ of: 'time', most: 9 }, false],
    [{ of: 'memory', most: 60 }, true],
    [{ of: 'memory', most: 59 }, false],
  ] as const)('tells whether %j is', (goal, wanted) => {
    expect(reached({ ...row, goal })).toBe(wanted);
  });

  it('says nothing of what was not asked for or not measured', () => {
    const { peakBytes: _, ...withoutMemory } = row;
    expect(reached(row)).toBeUndefined();
    expect(reached({ ...withoutMemory, goal: { of: 'memory', most: 1 } })).toBeUndefined();
  });
});
