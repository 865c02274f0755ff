import { describe, expect, it } from 'vitest';
import { contest, wallRows } from '../../../bench/contest.ts';

describe('contest', () => {
  it('runs all in turn, every other round backwards, and forgets the first', async () => {
    const order: string[] = [];
    let now = 0;
    const entry = (name: string) => ({
      name,
      run: () => {
        order.push(name);
        return { wall: ++now };
      },
    });
    const readings = await contest([entry('a'), entry('b')], 2);
    expect(order.join('')).toBe('abbaab');
    expect(readings.get('a')).toEqual([{ wall: 4 }, { wall: 5 }]);
    expect(readings.get('b')).toEqual([{ wall: 3 }, { wall: 6 }]);
  });
});

describe('wallRows', () => {
  const contenders = [
    { name: 'plain', run: () => ({ wall: 0 }) },
    { name: 'guarded', over: 'plain', run: () => ({ wall: 0 }) },
  ];

  it('compares round by round and keeps the highest peak', () => {
    const readings = new Map([
      ['plain', [10, 20].map((wall) => ({ wall, cpu: 5, peak: wall }))],
      ['guarded', [11, 44].map((wall) => ({ wall, cpu: 10, peak: wall }))],
    ]);
    expect(wallRows('g', contenders, readings)[1]).toEqual({
      group: 'g',
      name: 'guarded',
      time: { median: 27.5, min: 11, max: 44 },
      unit: 'wall ms',
      rounds: 2,
      over: 'plain',
      ratio: { median: 1.65, min: 1.1, max: 2.2 },
      cpuRatio: { median: 2, min: 2, max: 2 },
      peakBytes: 44,
    });
  });

  it('leaves out what could not be measured', () => {
    const readings = new Map(['plain', 'guarded'].map((name) => [name, [{ wall: 10 }]]));
    const [, guarded] = wallRows('g', contenders, readings);
    expect(guarded).toHaveProperty('ratio');
    expect(guarded).not.toHaveProperty('cpuRatio');
    expect(guarded).not.toHaveProperty('peakBytes');
  });
});
