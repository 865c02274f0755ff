import { inflateRawSync } from 'node:zlib';

import { NAME_FOLDING_TABLE } from './name-folding-table.ts';

interface Folding {
  /** Folded text by code point, for code points that change. */
  readonly folded: ReadonlyMap<number, string>;
  /** Matches two or more marks. */
  readonly unordered: RegExp;
}

let table: Folding | undefined;

/**
 * Folds a name, so that names become equal if a file system treats them as the same: removes ignored characters, then decomposes and
 * folds case. The table is of one Unicode version, because `normalize` and `toLowerCase` depend on the version of Node.
 *
 * Marks on one letter are sorted, since file systems apply canonical ordering at different times. The mark U+0345 folds to the letter
 * iota, so an iota beside marks is sorted as well.
 */
export function foldName(name: string): string {
  table ??= unpack();
  const { folded, unordered } = table;
  let text = '';
  for (const character of name) {
    const point = character.codePointAt(0)!;
    text += point >= 0xac00 && point <= 0xd7a3 ? syllable(point) : (folded.get(point) ?? character);
  }
  return text.replace(unordered, (run) => Array.from(run).toSorted().join(''));
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\0-\x7f]*$/;

/** Whether two texts differ only in case. */
export function foldsAlike(a: string, b: string): boolean {
  if (ASCII.test(a) && ASCII.test(b)) return a.toLowerCase() === b.toLowerCase();
  const left = Array.from(a);
  const right = Array.from(b);
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

function unpack(): Folding {
  const text = inflateRawSync(Buffer.from(NAME_FOLDING_TABLE, 'base64')).toString();
  const [runs = '', loose = ''] = text.split('\n\n');
  const folded = new Map<number, string>();
  for (const { from, to, step, mapping } of runsOf(runs)) {
    const shift = mapping[0] === '+' ? Number.parseInt(mapping.slice(1), 36) : undefined;
    for (let point = from; point <= to; point += step)
      folded.set(
        point,
        shift === undefined ? mapping.slice(1) : String.fromCodePoint(point + shift),
      );
  }
  const marks = runsOf(loose).map(({ from, to }) => `${escaped(from)}-${escaped(to)}`);
  return { folded, unordered: new RegExp(`[${marks.join('')}]{2,}`, 'gu') };
}

function escaped(point: number): string {
  return `\\u{${point.toString(16)}}`;
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly mapping: string;
}

function runsOf(lines: string): Run[] {
  let from = 0;
  return lines.split('\n').map((line) => {
    const [gap = '', length = '', step = '', ...mapping] = line.split(',');
    from += Number.parseInt(gap, 36);
    const to = from + Number.parseInt(length, 36);
    return { from, to, step: Number.parseInt(step, 36), mapping: mapping.join() };
  });
}
