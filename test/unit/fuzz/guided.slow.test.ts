import { describe, expect, it } from 'vitest';
import { minimise } from '../../fuzz/guided/minimise.ts';
import { decodeTar, encodeTar } from '../../fuzz/guided/tar-input.ts';
import { targets } from '../../fuzz/guided/targets.ts';
import { repairZip } from '../../fuzz/guided/zip-input.ts';
import { segmentsOf } from '../../fuzz/mutate.ts';
import { seedTars } from '../../fuzz/seeds.ts';
import { BLOCK, header } from '../../support/tar.ts';
import { yarnZip } from '../../support/yarn-zip.ts';

const everything = { local: true, central: true, end: true, names: true };

describe('the inputs of the coverage-guided fuzzer', () => {
  it('become the tars that they were made of', async () => {
    for (const tar of await seedTars()) {
      const input = encodeTar(tar);
      // Checksums that were wrong stay so.
      input[0] = 7;
      const filled = Buffer.alloc(Math.ceil(tar.length / BLOCK) * BLOCK);
      tar.copy(filled);
      expect(decodeTar(input).tar.equals(filled)).toBe(true);
    }
  });

  it('have the checksums of tars made right', () => {
    const { tar } = decodeTar(encodeTar(Buffer.alloc(BLOCK, 'x')));
    expect(tar.toString('latin1', 148, 156)).toBe('166500\0 ');
  });

  it('may have a size below zero', () => {
    const block = header({ size: { text: '-0000001000' } });
    expect(segmentsOf(Buffer.concat([block, block])).length).toBe(2);
  });

  it('leave a sound zip as it is', () => {
    const file = yarnZip({ files: { empty: '', 'lib/a.js': 'x'.repeat(300) } });
    expect(repairZip(file, everything).equals(file)).toBe(true);
  });

  it('have a changed zip made consistent again', () => {
    const file = yarnZip({ files: { 'lib/a.js': 'x'.repeat(300) } });
    const stale = Buffer.from(file);
    for (const signature of ['PK\x03\x04', 'PK\x01\x02', 'PK\x05\x06']) {
      const at = stale.lastIndexOf(signature, undefined, 'latin1');
      stale.fill(0xaa, at + (signature === 'PK\x05\x06' ? 8 : 16), at + 20);
    }
    expect(stale.equals(file)).toBe(false);
    expect(repairZip(stale, everything).equals(file)).toBe(true);
  });

  it.each(Object.entries(targets))('start with some that %s takes', async (_name, target) => {
    const seeds = await target.seeds();
    expect(seeds.length).toBeGreaterThan(20);
    expect(seeds.some(({ length }) => length > target.maxBytes)).toBe(false);
    for (const seed of seeds.slice(0, 3)) target.fuzz(seed);
  });
});

describe('an input that fails', () => {
  const fuzz = (data: Buffer): void => {
    if (data.includes('ab') && data.includes('c')) throw new RangeError('found');
    if (data.includes('ab')) throw new TypeError('another');
  };

  it('is made smaller as long as it fails in the same way', () => {
    const small = minimise(fuzz, Buffer.from('xxxxxxabxxxxxxxxcxxx'));
    expect(small.toString()).toBe('abc');
  });

  it('is left alone where it does not fail here', () => {
    const data = Buffer.from('harmless');
    expect(minimise(fuzz, data)).toBe(data);
  });
});
