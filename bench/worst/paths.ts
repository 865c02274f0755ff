import type { Genes, Reader } from './genome.ts';

/** The letters of paths: plain ones, and ones that are expensive to decode, fold or print. */
export const LETTERS: Readonly<Record<string, string>> = {
  lower: 'd',
  upper: 'A',
  accent: 'é',
  longest: '\ufdfa',
  hangul: '각',
  marks: '\u0301\u0323',
  iota: '\u1fb3',
  ignored: '\u3164',
  tags: '\u{e0061}',
  bold: '\u{1d400}',
  invalid: '\ufffd',
  control: '\u0001',
  dots: '.a',
  reserved: 'con.',
  tilde: 'abcdef~1',
  slash: '/',
  up: '..',
  all: '\u0001\\:con.?~1 \u200b\u1fb3',
};

export const PATH_GENES: Genes = {
  letters: Object.keys(LETTERS),
  depth: 70,
  component: 300,
  /** Components, from the left, that all entries share. */
  shared: 70,
  /** Entries that are reported apart; more are the same again. */
  distinct: 60_000,
  /** Spellings of each letter: case by case of the entry's number. */
  spelling: ['same', 'case'],
};

/** The path of an entry by its number. */
export function pathOf(read: Reader, index: number): string {
  const letter = LETTERS[read.word('letters')]!;
  const number = read.number('distinct') === 0 ? index : index % (read.number('distinct') + 1);
  const depth = read.number('depth');
  const length = Math.max(1, read.number('component'));
  const plain = letter.repeat(Math.ceil(length / letter.length));
  const cased = read.word('spelling') === 'case' && index % 2 === 1 ? plain.toUpperCase() : plain;
  const components = Array.from({ length: depth }, (_, at) =>
    at < read.number('shared') ? cased : `${number}${cased}`,
  );
  return [...components, String(number)].join('/').slice(0, 4000);
}
