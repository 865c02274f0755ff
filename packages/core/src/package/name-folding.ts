import { inflateRawSync } from 'node:zlib';

import { NAME_FOLDING_TABLE } from './name-folding-table.ts';

interface Folding {
  /** By code point, for those that do not stay as they are. */
  readonly folded: ReadonlyMap<number, string>;
  readonly unordered: ReadonlySet<number>;
}

let table: Folding | undefined;

/**
 * A name as no file system tells it from others: without what is ignored, decomposed, folded in case. By a table of
 * one Unicode version, since `normalize` and `toLowerCase` know as many letters as the Node that runs them.
 *
 * Marks on one letter come in an order of their own: canonical ordering moves them, at different times on different
 * file systems. U+0345, a mark, is one with the letter iota, so an iota beside marks is moved as well.
 */
export function foldName(name: string): string {
  table ??= unpack();
  const { folded, unordered } = table;
  let text = '';
  let loose = false;
  for (const character of name) {
    const point = character.codePointAt(0)!;
    const to =
      point >= 0xac00 && point <= 0xd7a3 ? syllable(point) : (folded.get(point) ?? character);
    text += to;
    loose ||= to.length > 1 || unordered.has(to.charCodeAt(0));
  }
  return loose ? ordered(text, unordered) : text;
}

/** The code points that fold to the same one: upper and lower case, and what has only one spelling more. */
export function foldsAlike(a: string, b: string): boolean {
  const left = [...a];
  const right = [...b];
  return (
    left.length === right.length &&
    left.every((character, at) => {
      const other = right[at]!;
      return character === other || foldName(character) === foldName(other);
    })
  );
}

// Hangul syllables decompose by arithmetic (The Unicode Standard, 3.12).
function syllable(point: number): string {
  const at = point - 0xac00;
  const leading = 0x1100 + Math.floor(at / 588);
  const vowel = 0x1161 + Math.floor((at % 588) / 28);
  const trailing = at % 28;
  return trailing === 0
    ? String.fromCharCode(leading, vowel)
    : String.fromCharCode(leading, vowel, 0x11a7 + trailing);
}

function ordered(text: string, unordered: ReadonlySet<number>): string {
  const points = Array.from(text, (character) => character.codePointAt(0)!);
  let from = 0;
  let result = '';
  for (let at = 0; at <= points.length; at++) {
    if (at < points.length && unordered.has(points[at]!)) continue;
    const run = points.slice(from, at).toSorted((a, b) => a - b);
    for (const point of run) result += String.fromCodePoint(point);
    if (at < points.length) result += String.fromCodePoint(points[at]!);
    from = at + 1;
  }
  return result;
}

function unpack(): Folding {
  const text = inflateRawSync(Buffer.from(NAME_FOLDING_TABLE, 'base64')).toString();
  const [runs = '', loose = ''] = text.split('\n\n');
  const folded = new Map<number, string>();
  for (const [point, how] of points(runs)) {
    const to =
      how[0] === '+' ? String.fromCodePoint(point + Number.parseInt(how.slice(1), 36)) : how.slice(1);
    folded.set(point, to);
  }
  return { folded, unordered: new Set([...points(loose)].map(([point]) => point)) };
}

function* points(lines: string): Generator<readonly [point: number, how: string]> {
  let from = 0;
  for (const line of lines.split('\n')) {
    const [gap = '', length = '', step = '', ...how] = line.split(',');
    from += Number.parseInt(gap, 36);
    const to = from + Number.parseInt(length, 36);
    for (let point = from; point <= to; point += Number.parseInt(step, 36))
      yield [point, how.join()];
  }
}
