import { withoutTrailing } from '../../text/trailing.ts';

/** Ends the reading of a document; never leaves `readYaml`. */
export class YamlProblem extends Error {
  override readonly name = 'YamlProblem';
}

const HEADER = /^([|>])(?:([1-9])([-+]?)|([-+]?)([1-9]?))$/;

/** The lines of a document. A scalar takes its own lines from them. */
interface ScalarLines {
  /** The last line has no line break at its end, as in gems of 2004. */
  readonly open: boolean;
  /** The next line, which is not taken. Undefined at the end. */
  peek(): string | undefined;
  take(): string;
}

/**
 * Reads a literal (`|`) or folded (`>`) scalar below its header.
 *
 * @param parent Column of the map or list that it is in.
 */
export function blockScalar(header: string, lines: ScalarLines, parent: number): string {
  const [, style, first = '', chompAfter = '', chompBefore = '', last = ''] =
    HEADER.exec(header) ?? [];
  if (style === undefined) throw new YamlProblem('the header of a block is not known');
  const indentDigit = first + last;
  const content = blockLines(lines, {
    indent: indentDigit === '' ? undefined : parent + Number(indentDigit),
    parent,
  });
  let end = content.length;
  while (end > 0 && content[end - 1] === '') end -= 1;
  const body = content.slice(0, end);
  const text = style === '|' ? body.join('\n') : folded(body);
  const chomp = chompAfter + chompBefore;
  if (chomp === '+') {
    const blank = content.length - end;
    return end === 0 ? '\n'.repeat(blank) : `${text}\n${'\n'.repeat(blank)}`;
  }
  return chomp === '-' || end === 0 ? text : `${text}\n`;
}

/** The lines of the block without their indentation. A blank line is empty. */
function blockLines(
  lines: ScalarLines,
  block: { indent: number | undefined; parent: number },
): string[] {
  let { indent } = block;
  const content: string[] = [];
  for (;;) {
    const line = lines.peek();
    if (line === undefined) {
      // Readers disagree whether such a text ends with a line break.
      if (lines.open) throw new YamlProblem('the last line of a block is not ended');
      return content;
    }
    const spaces = /^ */.exec(line)![0].length;
    const blank = spaces === line.length;
    if (blank && (indent === undefined || spaces <= indent)) {
      // Readers disagree whether spaces on a leading blank line set the indentation.
      if (indent === undefined && spaces > 0)
        throw new YamlProblem('a block begins with a line of spaces');
      content.push('');
      lines.take();
      continue;
    }
    if (indent === undefined) {
      if (spaces <= block.parent) return content;
      if (line[spaces] === '\t') throw new YamlProblem('a block begins with a tab');
      indent = spaces;
    }
    if (spaces < indent) {
      if (spaces > block.parent) throw new YamlProblem('a line of a block is indented less');
      return content;
    }
    content.push(line.slice(indent));
    lines.take();
  }
}

/** Joins lines by spaces. A blank line becomes a line break. */
function folded(body: readonly string[]): string {
  let text = '';
  let blank = 0;
  for (const [index, line] of body.entries()) {
    if (line === '') {
      blank += 1;
      continue;
    }
    if (line.startsWith(' ') || line.startsWith('\t'))
      throw new YamlProblem('a line of a folded block is indented more');
    if (index > 0) text += blank === 0 ? ' ' : '\n'.repeat(blank);
    else text += '\n'.repeat(blank);
    text += line;
    blank = 0;
  }
  return text;
}

/** Characters that YAML does not allow, or at which only some readers end a line. Tabs are checked separately. */
// oxlint-disable-next-line no-control-regex -- these are the characters to refuse
const UNUSUAL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]/u;

/** The lines of a document, one after the other. */
export class LineQueue implements ScalarLines {
  readonly #lines: string[];
  readonly open: boolean;
  #at = 0;

  constructor(text: string) {
    this.#lines = text.split('\n');
    this.open = this.#lines.at(-1) !== '';
    if (!this.open) this.#lines.pop();
  }

  /** Number of the line that was taken last, from 1. */
  get number(): number {
    return Math.max(1, this.#at);
  }

  peek(): string | undefined {
    return this.#lines[this.#at];
  }

  take(): string {
    return this.#lines[this.#at++]!;
  }

  /** Replaces the line that was taken last by `line`, which is then read again. */
  putBack(line: string): void {
    this.#at -= 1;
    this.#lines[this.#at] = line;
  }

  /** Skips blank lines. Returns the next line without spaces at its end, and does not take it. */
  structural(): string | undefined {
    for (;;) {
      const line = this.#lines[this.#at];
      if (line === undefined) return undefined;
      const trimmed = withoutTrailing(line, ' ');
      if (trimmed !== '') {
        if (/^ *\t/.test(trimmed)) throw new YamlProblem('a tab is in the place of indentation');
        this.#lines[this.#at] = trimmed;
        return trimmed;
      }
      this.#at += 1;
    }
  }

  /** Refuses characters that no writer uses in a document. */
  check(): void {
    for (const line of this.#lines) {
      this.#at += 1;
      if (UNUSUAL.test(line)) throw new YamlProblem('it holds a control character');
    }
    this.#at = 0;
  }
}

/** Returns the next line, or undefined at the end. */
type NextLine = () => string | undefined;

interface Quoted {
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
    const visiblePiece = last && !escaped ? trimEnd(piece) : piece;
    const blank = last && visiblePiece.text === '' && !escaped;
    if (breaks > 0 && !blank) {
      if (!joined) text += breaks === 1 ? ' ' : '\n'.repeat(breaks - 1);
      breaks = 0;
    }
    text += visiblePiece.text;
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
  /** Length of the text up to its last escape. Spaces before that position are not dropped. */
  readonly fixedLength: number;
}

interface Line {
  readonly piece: Piece;
  /** Index after the closing quote, or -1 if the quote is not closed on this line. */
  readonly end: number;
  /** A backslash ends the line. */
  readonly escaped: boolean;
}

function trimEnd({ text, fixedLength }: Piece): Piece {
  let end = text.length;
  while (end > fixedLength && text[end - 1] === ' ') end -= 1;
  return { text: text.slice(0, end), fixedLength };
}

function singleLine(line: string): Line {
  let text = '';
  for (let at = 0; ;) {
    const close = line.indexOf("'", at);
    if (close < 0)
      return { piece: { text: text + line.slice(at), fixedLength: 0 }, end: -1, escaped: false };
    text += line.slice(at, close);
    if (line[close + 1] !== "'")
      return { piece: { text, fixedLength: 0 }, end: close + 1, escaped: false };
    text += "'";
    at = close + 2;
  }
}

function doubleLine(line: string): Line {
  let text = '';
  let fixedLength = 0;
  for (let at = 0; at < line.length;) {
    const character = line[at]!;
    if (character === '"') return { piece: { text, fixedLength }, end: at + 1, escaped: false };
    if (character !== '\\') {
      const stop = /["\\]/.exec(line.slice(at))?.index ?? line.length - at;
      text += line.slice(at, at + stop);
      at += stop;
      continue;
    }
    if (at + 1 === line.length) return { piece: { text, fixedLength }, end: -1, escaped: true };
    const { unescaped, length } = escape(line, at + 1);
    text += unescaped;
    fixedLength = text.length;
    at += 1 + length;
  }
  return { piece: { text, fixedLength }, end: -1, escaped: false };
}

function escape(line: string, at: number): { unescaped: string; length: number } {
  const letter = line[at]!;
  const simple = Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter] : undefined;
  if (simple !== undefined) return { unescaped: simple, length: 1 };
  const digits = Object.hasOwn(DIGITS, letter) ? DIGITS[letter] : undefined;
  const hex = digits === undefined ? '' : line.slice(at + 1, at + 1 + digits);
  const point = Number.parseInt(hex, 16);
  if (digits === undefined || hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex))
    throw new YamlProblem('an escape in quotes is not known');
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
    throw new YamlProblem('an escape in quotes is not a character');
  return { unescaped: String.fromCodePoint(point), length: 1 + digits };
}

/*
 * The type that Psych gives to a scalar without quotes (psych/scalar_scanner.rb, 5.1). In its expressions, `^` and `$` match at every
 * line. Still, a scalar with a line break is text, unless it is very short.
 */

const LETTERS_FIRST = /^[^\d.:-]?[\p{Alphabetic}_\s!@#$%^&*(){}<>|/\\~;=]+/u;
const WORD = /^(?:~|null|yes|true|on|no|false|off)$/iu;
const MAY_BE_WORD = /^[ytonf~]/iu;
const LONGEST_WORD = 5;
const NUMBER =
  /^(?:[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][-+][0-9]+)?|[-+]?0b[01_,]+|[-+]?0[0-7_,]+|[-+]?(?:0|[1-9][0-9,_]*)|[-+]?0x[0-9a-fA-F_,]+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}(?:\.[0-9_]*)?|[-+]?\.inf|\.nan)$/i;
const DATE = /^-?\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt\s])/;
// oxlint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\0-\x7f]*$/;

/**
 * Whether a scalar without quotes is certainly text for Psych. It returns false for some rare texts as well.
 */
export function isText(plain: string): boolean {
  if (plain === '') return false;
  // Psych takes this for a number without digits, and returns it as text.
  if (plain === '.') return true;
  if (plain.includes('\n') || LETTERS_FIRST.test(plain)) {
    // Some letters beyond ASCII become ASCII letters when case is folded.
    return (
      plain.length > LONGEST_WORD ||
      !MAY_BE_WORD.test(plain) ||
      (ASCII.test(plain) && !WORD.test(plain))
    );
  }
  return !plain.startsWith(':') && !DATE.test(plain) && !NUMBER.test(plain);
}

/** The symbol, with its colon, if Psych reads the scalar as a symbol. */
export function symbolOf(plain: string): string | undefined {
  return plain.length > 1 && plain.startsWith(':') && !LETTERS_FIRST.test(plain)
    ? plain
    : undefined;
}
