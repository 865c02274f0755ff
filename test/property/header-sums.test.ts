import fc from 'fast-check';
import { expect, test } from 'vitest';

import { FIELD, HeaderSums, sum } from '../../packages/core/src/containers/tar/header.ts';

/** A header of random bytes, many of them zero or 0xff, somewhere in a longer buffer. */
const placed = fc.record({
  header: fc.uint8Array({ minLength: 512, maxLength: 512 }),
  fill: fc.constantFrom('random', 'zero', 'full'),
  shift: fc.nat(9),
});

test('sums made four bytes at a time are those made byte by byte, wherever the header stands', () => {
  const reused = new HeaderSums();
  fc.assert(
    fc.property(placed, ({ header, fill, shift }) => {
      const bytes = Buffer.alloc(512 + 16, 0xaa);
      bytes.set(header, shift);
      if (fill !== 'random') bytes.fill(fill === 'full' ? 0xff : 0, shift, shift + 512);
      reused.read(bytes, shift);
      const of = ([start, end]: readonly [number, number]): number =>
        sum(bytes, shift + start, shift + end);
      const { total, name, linkname, prefix } = reused;
      expect({ total, name, linkname, prefix }).toEqual({
        total: of([0, 512]),
        name: of(FIELD.name),
        linkname: of(FIELD.linkname),
        prefix: of(FIELD.prefix),
      });
    }),
  );
});

test('a header at the very end of its memory is summed', () => {
  const sums = new HeaderSums();
  const memory = new ArrayBuffer(512 + 3);
  const bytes = Buffer.from(memory, 0, 512).fill(1);
  sums.read(bytes, 0);
  expect(sums.total).toBe(512);
});
