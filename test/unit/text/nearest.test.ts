import { expect, it } from 'vitest';
import { nearest } from '../../../packages/core/src/text/nearest.ts';

it.each([
  ['symlnk', 'symlink'],
  ['symlinks', 'symlink'],
  ['SYMLINK', 'symlink'],
  ['hard-link', 'hardlink'],
  ['firewall', undefined],
  ['x'.repeat(100_000), undefined],
])('the nearest word of %j', (text, expected) => {
  expect(nearest(text, ['symlink', 'hardlink', 'fifo'])).toBe(expected);
});
