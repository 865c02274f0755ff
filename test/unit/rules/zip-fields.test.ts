import { describe, expect, it } from 'vitest';
import { readZipOf } from '../../support/read-zip.ts';
import { zip, type ZipEntry } from '../../support/zip.ts';

const FULL = 0xffffffff;

/** A zip64 field (0001) with these sizes. */
function field(...sizes: readonly number[]): Buffer {
  const out = Buffer.alloc(4 + 8 * sizes.length);
  out.writeUInt16LE(1, 0);
  out.writeUInt16LE(8 * sizes.length, 2);
  sizes.forEach((size, at) => out.writeBigUInt64LE(BigInt(size), 4 + 8 * at));
  return out;
}

describe('zip-single-size', () => {
  it.each<[string, Partial<ZipEntry>, readonly string[]]>([
    ['notes the size alone', { local: { size: FULL, extra: field(4) } }, ['zip-single-size']],
    [
      'notes the compressed size alone',
      { local: { compressedSize: FULL, extra: field(4) } },
      ['zip-single-size'],
    ],
    [
      'is silent about both sizes',
      { local: { size: FULL, compressedSize: FULL, extra: field(4, 4) } },
      [],
    ],
    [
      'is silent about one number in the directory',
      { central: { size: FULL, extra: field(4) } },
      [],
    ],
  ])('%s', (_, odd, codes) => {
    const entry = { name: 'a', body: 'xxxx', method: 0, versionNeeded: 45, ...odd };
    expect(readZipOf(zip([entry])).codes).toEqual(codes);
  });
});
