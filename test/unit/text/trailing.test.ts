import { describe, expect, it } from 'vitest';
import { withoutTrailing } from '../../../packages/core/src/text/trailing.ts';

describe('withoutTrailing', () => {
  it.each([
    ['a  ', ' ', 'a'],
    ['a b', ' ', 'a b'],
    ['  ', ' ', ''],
    ['', ' ', ''],
    ['1.0.0', '.0', '1'],
    ['10.0', '.0', '10'],
    ['1.00', '.0', '1.00'],
    ['a', '', 'a'],
  ])('of %j takes %j off the end', (text, what, rest) => {
    expect(withoutTrailing(text, what)).toBe(rest);
  });

  it('reads a long run elsewhere once', () => {
    const text = `${' '.repeat(5_000_000)}x`;
    expect(withoutTrailing(text, ' ')).toBe(text);
  });
});
