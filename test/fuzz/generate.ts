import fc from 'fast-check';
import { packageModel, tarOf } from './grammar.ts';
import { compress, mutateTar } from './mutate.ts';
import { Random } from './random.ts';

/** The archive of one round: the same for the same seed, round and set of starting archives. */
export function inputOf(seed: number, round: number, seeds: readonly Buffer[]): Buffer {
  const random = new Random(
    Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(round + 1, 0xc2b2ae35),
  );
  random.int(2);
  const fresh = random.chance(2);
  const [model] = fresh ? fc.sample(packageModel, { numRuns: 1, seed: random.int(2 ** 31) }) : [];
  const tar = model ? tarOf(model) : random.pick(seeds);
  return compress(random.chance(8) ? tar : mutateTar(tar, random), random);
}
