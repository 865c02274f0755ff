import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  comparePaths,
  openSeal,
  readSeal,
  SealEncoder,
  type OpenedSeal,
  type SealedEntry,
  PATH_BYTES_MAX,
} from '../../../../packages/guard/src/seal/format.ts';

const sealed = { key: Buffer.alloc(32, 7), use: 'npm-1', folderName: '_cacache' };
const content = { mode: 0o644, size: 5, sha256: Buffer.alloc(32, 1) };
const ENTRIES: readonly SealedEntry[] = [
  { kind: 'folder', path: Buffer.from('a'), mode: 0o755 },
  { kind: 'file', path: Buffer.from('a/b'), content },
  { kind: 'file', path: Buffer.from('a-b'), content: { ...content, size: 2 ** 48 - 1 } },
  { kind: 'link', path: Buffer.from([0x62, 0xff, 0x0a]), target: Buffer.from('../\u00fc') },
  { kind: 'link', path: Buffer.from('c'), target: Buffer.alloc(0) },
];

function encode(entries: readonly SealedEntry[], about = sealed): Buffer {
  const encoder = new SealEncoder(about);
  for (const entry of entries) encoder.add(entry);
  return Buffer.from(encoder.end());
}

function read(opened: OpenedSeal): SealedEntry[] | string {
  if ('reason' in opened) return opened.reason;
  return [...(opened.entries as Generator<SealedEntry, undefined, undefined>)];
}

const header = encode([]).subarray(0, -32);

it('reads what it wrote', () => {
  expect(read(openSeal(encode(ENTRIES), sealed))).toEqual(ENTRIES);
  expect(read(openSeal(encode([]), sealed))).toEqual([]);
});

describe('a seal that was changed', () => {
  const bytes = encode(ENTRIES);

  it('does not count, whichever byte differs', () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 0x10;
      expect(openSeal(changed, sealed)).toHaveProperty('reason');
    }
  });

  it('does not count, wherever it is cut or extended', () => {
    for (let end = 0; end < bytes.length; end += 1)
      expect(openSeal(bytes.subarray(0, end), sealed)).toHaveProperty('reason');
    for (const more of [Buffer.alloc(1), Buffer.from('\n'), bytes])
      expect(openSeal(Buffer.concat([bytes, more]), sealed)).toHaveProperty('reason');
  });
});

it.each<[string, Partial<typeof sealed>, string]>([
  ['another key', { key: Buffer.alloc(32, 8) }, 'was changed, or was written with another key'],
  ['another use', { use: 'npm-2' }, 'is for another use: "npm-1"'],
  ['no use', { use: '' }, 'is for another use: "npm-1"'],
  ['another folder', { folderName: 'store' }, 'is for a folder of another name: "_cacache"'],
])('does not count for %s', (_, change, reason) => {
  expect(openSeal(encode(ENTRIES), { ...sealed, ...change })).toEqual({ reason });
});

it('does not count with the marks of another version, also under the right key', () => {
  const body = Buffer.from(encode([]).subarray(0, -32));
  body[15] = 0x32;
  const mac = createHmac('sha256', sealed.key).update(body).digest();
  expect(openSeal(Buffer.concat([body, mac]), sealed)).toEqual({
    reason: 'was written by another version of tarwarden',
  });
});

describe('entries that no version writes', () => {
  const file = (path: string, mode = '01a4'): string =>
    `66${text(Buffer.from(path))}${mode}000000000001${'11'.repeat(32)}`;
  const folder = (path: string): string => `64${text(Buffer.from(path))}01ed`;
  const length = (bytes: number): string => bytes.toString(16).padStart(4, '0');
  function text(bytes: Buffer): string {
    return length(bytes.length) + bytes.toString('hex');
  }

  it.each<[string, string, string]>([
    ['a path twice', file('a') + file('a'), 'not in its place'],
    ['a path before the one before', file('b') + file('a'), 'not in its place'],
    ['a folder after its content', file('a/b') + folder('a'), 'not in its place'],
    [
      'another file between a folder and its content',
      folder('a') + file('a-') + file('a/b'),
      'not in',
    ],
    ['an empty path', file(''), 'not in its place'],
    ['a path with NUL', file('a\0'), 'not in its place'],
    ['an unknown kind', file('a').replace('66', '70'), 'unknown kind'],
    ['the kind 0', `00${file('a').slice(2)}`, 'unknown kind'],
    ['bits that are no mode', file('a', '11a4'), 'a mode that is none'],
    ['a path that is too long', `66${length(PATH_BYTES_MAX + 1)}${'61'.repeat(5000)}`, 'too long'],
    ['a path that is longer than the seal', `66${length(9)}6161`, 'ends in an entry'],
    ['half a length', '6600', 'ends in an entry'],
    ['half a hash', file('a').slice(0, -2), 'ends in an entry'],
    ['a byte at the end', `${file('a')}64`, 'ends in an entry'],
    ['a link without a target', `6c${text(Buffer.from('a'))}`, 'ends in an entry'],
  ])('%s', (_, hex, problem) => {
    const body = Buffer.concat([header, Buffer.from(hex, 'hex')]);
    expect(() => read(readSeal(body, sealed))).toThrow(problem);
  });

  it.each(['', '00', '0003', '000161'])('a header that ends early: %j', (hex) => {
    const body = Buffer.concat([header.subarray(0, 17), Buffer.from(hex, 'hex')]);
    expect(readSeal(body, sealed)).toHaveProperty('reason');
  });
});

it.each<[string, string, number]>([
  ['a', 'a', 0],
  ['a', 'b', -1],
  ['a', 'aa', -1],
  ['a', 'a/b', -1],
  ['a/b', 'a-b', -1],
  ['a/b', 'a\u0001b', -1],
  ['a/z/z', 'aa', -1],
  ['', 'a', -1],
])('orders %j and %j as a walk meets them', (one, other, order) => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  expect([Math.sign(comparePaths(left, right)), Math.sign(comparePaths(right, left)) + 0]).toEqual([
    order,
    order === 0 ? 0 : -order,
  ]);
});
