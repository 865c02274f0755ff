import { YamlProblem } from './problem.ts';

/** Returns the next line, or undefined at the end. */
export type NextLine = () => string | undefined;

export interface Quoted {
  readonly text: string;
  /** The rest of the line after the closing quote. */
  readonly rest: string;
}

const SIMPLE: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Reads a scalar in quotes at the beginning of `first`, and the lines after it up to the closing quote. A line break becomes a space,
 * and each blank line after it a line break. Spaces around a line break are not part of the text.
 */
export function quoted(first: string, next: NextLine): Quoted {
  const double = first[0] === '"';
  let text = '';
  let line = first.slice(1);
  /** Line breaks since the last character other than a space. */
  let breaks = 0;
  let joined = false;
  for (;;) {
    if (line.includes('\t')) throw new YamlProblem('a tab is inside quotes');
    const { piece, end, escaped } = double ? doubleLine(line) : singleLine(line);
    const last = end < 0;
    // Spaces before a line break are dropped, unless they are escaped.
    const shown = last && !escaped ? trimEnd(piece) : piece;
    const blank = last && shown.text === '' && !escaped;
    if (breaks > 0 && !blank) {
      if (!joined) text += breaks === 1 ? ' ' : '\n'.repeat(breaks - 1);
      breaks = 0;
    }
    text += shown.text;
    if (!last) return { text, rest: line.slice(end) };
    if (!blank) joined = escaped;
    else if (joined) throw new YamlProblem('a blank line follows an escaped line break');
    breaks += 1;
    const following = next();
    if (following === undefined) throw new YamlProblem('a quote is not closed');
    line = following;
  }
}

interface Piece {
  readonly text: string;
  /** Characters at the end of the text that come from an escape. */
  readonly kept: number;
}

interface Line {
  readonly piece: Piece;
  /** Index after the closing quote, or -1 if the quote is not closed on this line. */
  readonly end: number;
  /** A backslash ends the line. */
  readonly escaped: boolean;
}

function trimEnd({ text, kept }: Piece): Piece {
  let end = text.length;
  while (end > kept && text[end - 1] === ' ') end -= 1;
  return { text: text.slice(0, end), kept };
}

function singleLine(line: string): Line {
  let text = '';
  for (let at = 0; ;) {
    const close = line.indexOf("'", at);
    if (close < 0)
      return { piece: { text: text + line.slice(at), kept: 0 }, end: -1, escaped: false };
    text += line.slice(at, close);
    if (line[close + 1] !== "'")
      return { piece: { text, kept: 0 }, end: close + 1, escaped: false };
    text += "'";
    at = close + 2;
  }
}

function doubleLine(line: string): Line {
  let text = '';
  let kept = 0;
  for (let at = 0; at < line.length;) {
    const character = line[at]!;
    if (character === '"') return { piece: { text, kept }, end: at + 1, escaped: false };
    if (character !== '\\') {
      const stop = /["\\]/.exec(line.slice(at))?.index ?? line.length - at;
      text += line.slice(at, at + stop);
      at += stop;
      continue;
    }
    if (at + 1 === line.length) return { piece: { text, kept }, end: -1, escaped: true };
    const { made, length } = escape(line, at + 1);
    text += made;
    kept = text.length;
    at += 1 + length;
  }
  return { piece: { text, kept }, end: -1, escaped: false };
}

function escape(line: string, at: number): { made: string; length: number } {
  const letter = line[at]!;
  const simple = Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter] : undefined;
  if (simple !== undefined) return { made: simple, length: 1 };
  const digits = Object.hasOwn(DIGITS, letter) ? DIGITS[letter] : undefined;
  const hex = digits === undefined ? '' : line.slice(at + 1, at + 1 + digits);
  const point = Number.parseInt(hex, 16);
  if (digits === undefined || hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex))
    throw new YamlProblem('an escape in quotes is not known');
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
    throw new YamlProblem('an escape in quotes is not a character');
  return { made: String.fromCodePoint(point), length: 1 + digits };
}
