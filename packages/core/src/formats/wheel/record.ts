import { MAX_RECORD_LINES, MAX_RECORD_VALUE_CHARS } from '../../limits.ts';
import { strayCharacter } from '../../metadata/pypi/stray-characters.ts';

/** A line of RECORD: a file of the wheel, with its hash and its size. */
export interface RecordLine {
  readonly path: string;
  /** `sha256=<base64url>`; empty for RECORD itself. */
  readonly hash: string;
  readonly size: string;
}

export interface RecordFile {
  readonly lines: readonly RecordLine[];
  /** The reason why it was not read to its end. */
  readonly wrong?: string;
}

const FIELDS = 3;

/**
 * Reads RECORD: comma-separated values (RFC 4180), three to a line. pip splits it into lines before it looks for quotes, so a value
 * cannot contain an end of line.
 */
export function readRecord(bytes: Buffer): RecordFile {
  const lines: RecordLine[] = [];
  const text = bytes.toString('utf8');
  const stray = strayCharacter(text);
  if (stray !== undefined) return { lines, wrong: stray };
  let count = 0;
  for (let at = 0; at < text.length; count++) {
    if (count >= MAX_RECORD_LINES)
      return { lines, wrong: `it has more than ${MAX_RECORD_LINES} lines` };
    const line = readLine(text, at);
    const wrong = `line ${count + 1} is not three values`;
    if (line === undefined) return { lines, wrong };
    at = line.end;
    const [path, hash, size] = line.values;
    if (line.values.some((value) => /[\r\n]/.test(value)))
      return { lines, wrong: `line ${count + 1} has an end of line in a value` };
    if (line.values.length === 1 && path === '') continue;
    if (path === undefined || hash === undefined || size === undefined) return { lines, wrong };
    lines.push({ path, hash, size });
  }
  return { lines };
}

/** The values of the line that begins at `from`, and the end of the line. Undefined if it is not a valid line. */
function readLine(text: string, from: number): { values: string[]; end: number } | undefined {
  const values: string[] = [];
  for (let at = from; values.length <= FIELDS;) {
    const value = text[at] === '"' ? quoted(text, at) : plain(text, at);
    if (value === undefined) return undefined;
    values.push(value.text);
    at = value.end;
    if (text[at] === ',') {
      at++;
      continue;
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    if (at < text.length && text[at] !== '\n' && text[at] !== '\r') return undefined;
    return values.length === FIELDS || values.length === 1 ? { values, end: at + 1 } : undefined;
  }
  return undefined;
}

/** A value up to the next comma or end of line. */
const PLAIN = new RegExp(`[^,\\r\\n]{0,${MAX_RECORD_VALUE_CHARS}}`, 'y');

function plain(text: string, from: number): { text: string; end: number } {
  PLAIN.lastIndex = from;
  const [found = ''] = PLAIN.exec(text) ?? [];
  return { text: found, end: from + found.length };
}

function quoted(text: string, from: number): { text: string; end: number } | undefined {
  for (
    let at = text.indexOf('"', from + 1);
    at >= 0 && at - from <= MAX_RECORD_VALUE_CHARS;
    at = text.indexOf('"', at + 2)
  ) {
    if (text[at + 1] !== '"')
      return { text: text.slice(from + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
  return undefined;
}
