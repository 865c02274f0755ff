import fc from 'fast-check';
import { packageModel, tarOf } from './grammar.ts';
import { compress, mutateTar } from './mutate.ts';
import { Random } from './random.ts';

/** What every generated package is called unless told otherwise. */
const NAME = 'fixture';

/** The archive of one round: the same for the same seed, round and set of starting archives. */
export function inputOf(seed: number, round: number, seeds: readonly Buffer[]): Buffer {
  return namedInputOf(NAME, { seed, round, seeds });
}

/** Where an archive comes from. */
export interface Round {
  readonly seed: number;
  readonly round: number;
  readonly seeds: readonly Buffer[];
}

/**
 * The same archive as a package of another name, which is as long, so that nothing moves: managers look for the name
 * that they asked for.
 */
export function namedInputOf(name: string, of: Round): Buffer {
  const { tar, random } = namedTarOf(name, of);
  return compress(tar, random);
}

/** The same before it is compressed, and what is left of chance for that. */
export function namedTarOf(name: string, of: Round): { tar: Buffer; random: Random } {
  const { seed, round, seeds } = of;
  const random = new Random(
    Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(round + 1, 0xc2b2ae35),
  );
  random.int(2);
  const fresh = random.chance(2);
  const [model] = fresh ? fc.sample(packageModel, { numRuns: 1, seed: random.int(2 ** 31) }) : [];
  const tar = renamed(model ? tarOf(model) : random.pick(seeds), name);
  return { tar: random.chance(8) ? tar : mutateTar(tar, random), random };
}

/** The package of a tar under another name. */
export function renamed(tar: Buffer, name: string): Buffer {
  if (name === NAME) return tar;
  if (name.length !== NAME.length) throw new RangeError(`a name of ${NAME.length} characters`);
  const text = tar.toString('latin1').replace(/("name": ?")fixture"/g, `$1${name}"`);
  return Buffer.from(text, 'latin1');
}
