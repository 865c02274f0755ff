/** Rows of pnpm's index are decoded as msgpackr does it, or not at all. */
import { describe, expect, it } from 'vitest';
import { decodeIndexValue } from '../../../../packages/host/src/pnpm-store/index-values.ts';
import { UnreadableStoreError } from '../../../../packages/host/src/pnpm-store/unreadable-store.ts';

const decode = (...bytes: number[]): unknown => decodeIndexValue(Buffer.from(bytes));
const map = (entries: object): unknown => new Map(Object.entries(entries));

describe('decodeIndexValue', () => {
  it.each([
    ['a number', [0x05], 5],
    ['a number that is no record', [0x41], 0x41],
    ['a negative number', [0xff], -1],
    ['a number of two bytes', [0xcd, 1, 2], 258],
    ['a negative number of two bytes', [0xd1, 0xff, 0xfe], -2],
    ['a fraction', [0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5],
    ['a text', [0xa2, 0x68, 0x69], 'hi'],
    ['nothing', [0xc0], null],
    ['nothing, as msgpackr writes it', [0xd4, 0, 0], undefined],
    ['a list', [0x92, 1, 0xc3], [1, true]],
    ['a map', [0x81, 0xa1, 0x61, 1], map({ a: 1 })],
    ['a record', [0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1], map({ a: 1 })],
    [
      'a record that is used again',
      [0x92, 0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1, 0x40, 2],
      [map({ a: 1 }), map({ a: 2 })],
    ],
  ])('reads %s', (_, bytes, value) => {
    expect(decode(...bytes)).toEqual(value);
  });

  it.each([
    ['a name twice', [0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2]],
    ['a name twice in a record', [0xd4, 0x72, 0x40, 0x92, 0xa1, 0x61, 0xa1, 0x61, 1, 2]],
    ['an unknown record', [0x92, 0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1, 0x41, 2]],
    ['a record of two bytes', [0xd5, 0x72, 0x40, 0x01, 0x90]],
    ['bytes after the end', [1, 2]],
    ['no end', [0xa2, 0x68]],
    ['a text that is not UTF-8', [0xa1, 0xff]],
    ['a name that is no text', [0x81, 1, 1]],
    ['another type', [0xc4, 1, 0]],
    ['a number that is too large', [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['too many levels', Array.from({ length: 100 }, () => 0x91)],
  ])('refuses %s', (_, bytes) => {
    expect(() => decode(...bytes)).toThrow(UnreadableStoreError);
  });
});
