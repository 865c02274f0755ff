import { expect, it } from 'vitest';
import { bytesIn, millisecondsIn } from '../../../packages/server/src/commands/quantities.ts';

it('reads sizes and times as people write them', () => {
  expect(['1000', '50GiB', '1 MiB', '2TiB'].map(bytesIn)).toEqual([
    1000,
    50 * 1024 ** 3,
    1024 ** 2,
    2 * 1024 ** 4,
  ]);
  expect(['90s', '90m', '24h', '7d'].map(millisecondsIn)).toEqual([
    90_000, 5_400_000, 86_400_000, 604_800_000,
  ]);
});

it('reads nothing else', () => {
  for (const text of ['', 'GiB', '-1', '1.5GiB', '1GB', '1e3', '99999999999TiB', '1 constructor'])
    expect(bytesIn(text)).toBeUndefined();
  for (const text of ['', '24', '1w', '24H']) expect(millisecondsIn(text)).toBeUndefined();
});
