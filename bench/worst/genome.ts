/** A seeded stream of numbers from 0 to 1 (mulberry32): the same seed makes the same search. */
export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The genes of a family of archives. Each is a whole number up to a maximum, or one of a few words. */
export type Genes = Readonly<Record<string, number | readonly string[]>>;

/** One choice for every gene: a number, or the index of a word. */
export type Genome = Readonly<Record<string, number>>;

/** Reads genes by their names. */
export interface Reader {
  number(gene: string): number;
  word(gene: string): string;
}

export function readerOf(genes: Genes, genome: Genome): Reader {
  return {
    number: (gene) => genome[gene] ?? 0,
    word: (gene) => (genes[gene] as readonly string[])[genome[gene] ?? 0]!,
  };
}

export function randomGenome(genes: Genes, random: Random): Genome {
  return Object.fromEntries(Object.keys(genes).map((gene) => [gene, pick(genes[gene]!, random)]));
}

/** The genome with one to three genes changed: a number by a factor, by one or anew, a word anew. */
export function mutated(genes: Genes, genome: Genome, random: Random): Genome {
  const names = Object.keys(genes);
  const next: Record<string, number> = { ...genome };
  const changes = 1 + Math.floor(random() * 3);
  for (let change = 0; change < changes; change++) {
    const gene = names[Math.floor(random() * names.length)]!;
    const range = genes[gene]!;
    const before = next[gene] ?? 0;
    if (typeof range !== 'number' || random() < 0.2) next[gene] = pick(range, random);
    else if (random() < 0.3) next[gene] = clamp(before + (random() < 0.5 ? -1 : 1), range);
    else next[gene] = clamp(Math.round(before * 4 ** (random() * 2 - 1)), range);
  }
  return next;
}

/** Small numbers as often as large ones. */
function pick(range: number | readonly string[], random: Random): number {
  if (typeof range !== 'number') return Math.floor(random() * range.length);
  return clamp(Math.round((range + 1) ** random() - 1), range);
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
