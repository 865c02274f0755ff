import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBounded, SharedMemory } from '../../../../packages/guard/src/files/read-bounded.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

const MB = 1024 * 1024;

let folder: string;
freshFolder((made) => (folder = made));

function file(name: string, bytes: number, fill: string): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.alloc(bytes, fill));
  return path;
}

/** Reads files into the same memory. */
function makeReader(): (path: string) => Buffer {
  const { allocate } = new SharedMemory();
  return (path) => readBounded(path, { bytesMax: Infinity, follow: true, allocate }).bytes!;
}

const same = (bytes: Uint8Array, length: number, fill: string): boolean =>
  Buffer.alloc(length, fill).equals(bytes);

describe('files that are read one after another', () => {
  it('are what they are, whatever was read before', () => {
    const reader = makeReader();
    for (const [bytes, fill] of [
      [9 * MB, 'a'],
      [5 * MB, 'b'],
      [10, 'c'],
      [0, 'd'],
      [70 * MB, 'e'],
      [9 * MB, 'f'],
    ] as const)
      expect(same(reader(file(fill, bytes, fill)), bytes, fill)).toBe(true);
  });

  it('are read into the same memory where they are large', () => {
    const reader = makeReader();
    const first = reader(file('a', 9 * MB, 'a'));
    expect(reader(file('b', 5 * MB, 'b')).buffer).toBe(first.buffer);
    expect(reader(file('c', 10, 'c')).buffer).not.toBe(first.buffer);
  });

  it('have to be there', () => {
    expect(() => makeReader()(join(folder, 'none'))).toThrow(/ENOENT/);
  });
});
