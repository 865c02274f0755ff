import { describe, expect, it } from 'vitest';
import { readZipOf } from '../../support/read-zip.ts';
import { type ZipEntry, zip } from '../../support/zip.ts';

const FULL = 0xffffffff;

/** A zip64 field (0001) with these sizes. */
function field(...sizes: readonly number[]): Buffer {
  const out = Buffer.alloc(4 + 8 * sizes.length);
  out.writeUInt16LE(1, 0);
  out.writeUInt16LE(8 * sizes.length, 2);
  sizes.forEach((size, at) => out.writeBigUInt64LE(BigInt(size), 4 + 8 * at));
  return out;
}

const BODY = { name: 'a', body: 'xxxx', method: 0, versionNeeded: 45 };
const codesOf = (entry: ZipEntry): readonly string[] => readZipOf(zip([entry])).codes;

describe('zip-single-size', () => {
  const RULE = 'zip-single-size';

  it.each<[string, ZipEntry]>([
    ['the size', { ...BODY, local: { size: FULL, extra: field(4) } }],
    ['the compressed size', { ...BODY, local: { compressedSize: FULL, extra: field(4) } }],
  ])('notes a field before the data with %s alone', (_what, entry) => {
    expect(codesOf(entry)).toEqual([RULE]);
  });

  it('is silent about both sizes', () => {
    const local = { size: FULL, compressedSize: FULL, extra: field(4, 4) };
    expect(codesOf({ ...BODY, local })).toEqual([]);
  });

  it('is silent about one number in the directory', () => {
    expect(codesOf({ ...BODY, central: { size: FULL, extra: field(4) } })).toEqual([]);
  });
});
