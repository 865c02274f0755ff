import { describe, expect, it } from 'vitest';
import { mutated, randomGenome, randomOf, readerOf } from '../../../bench/worst/genome.ts';
import { allowedMs } from '../../../bench/worst/search.ts';
import { FAMILIES } from '../../../bench/worst/shapes.ts';
import { inspect } from '@tarwarden/core';

describe('a search', () => {
  it('takes the same steps for the same seed, and others for another', () => {
    const walk = (seed: number): unknown[] => {
      const random = randomOf(seed);
      const { genes } = FAMILIES['entries']!;
      const first = randomGenome(genes, random);
      return [first, mutated(genes, first, random)];
    };
    expect(walk(1)).toEqual(walk(1));
    expect(walk(1)).not.toEqual(walk(2));
  });

  it('stays within its genes', () => {
    const random = randomOf(3);
    for (const { genes } of Object.values(FAMILIES)) {
      let genome = randomGenome(genes, random);
      for (let step = 0; step < 200; step++) {
        genome = mutated(genes, genome, random);
        for (const [gene, range] of Object.entries(genes)) {
          const most = typeof range === 'number' ? range : range.length - 1;
          expect(genome[gene]).toBeGreaterThanOrEqual(0);
          expect(genome[gene]).toBeLessThanOrEqual(most);
        }
      }
    }
  });
});

// As small as they come: what is built is what it says, and is read to its end.
describe('an archive of each family', () => {
  it.each(Object.entries(FAMILIES))('%s', (_name, family) => {
    const genome = Object.fromEntries(Object.keys(family.genes).map((gene) => [gene, 0]));
    const bytes = family.build(readerOf(family.genes, genome));
    const { findings } = inspect(bytes, { format: family.format ?? 'npm' });
    const broken = findings.filter(({ rule }) => /^gzip-|^zip-|^tar-|unrecognised/.test(rule));
    expect(broken).toEqual([]);
  });

  it.each([0, 1])('deflate blocks of kind %s are valid', (kind) => {
    const family = FAMILIES['deflate']!;
    const bytes = family.build(readerOf(family.genes, { blocks: 50, kind, files: 3 }));
    expect(inspect(bytes).findings.map(({ rule }) => rule)).toEqual(['manifest-unreadable']);
  });
});

it('allows half a second for each megabyte, and a second in all', () => {
  expect(allowedMs(1_000_000)).toBe(600);
  expect(allowedMs(2_000_000)).toBe(1000);
  expect(allowedMs(0)).toBe(100);
});
