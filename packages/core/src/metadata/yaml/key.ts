import { YamlProblem } from './problem.ts';
import { quoted } from './quoted.ts';
import { isText } from './scalar-type.ts';

export interface Key {
  readonly key: string;
  /** The text after the colon, without leading spaces. */
  readonly rest: string;
}

/** libyaml recognises a key only if its colon is within 1,024 characters. */
const MAX_KEY_CHARS = 1000;
const PLAIN_KEY = /^([A-Za-z0-9_./][^:#\t]*?|<<):(?: +|$)/;

/** The key at the beginning of a line, or undefined. */
export function leadingKey(line: string): Key | undefined {
  const found = line.startsWith('"') || line.startsWith("'") ? quotedKey(line) : plainKey(line);
  if (found === undefined) return undefined;
  if (line.length - found.rest.length > MAX_KEY_CHARS) throw new YamlProblem('a key is too long');
  if (found.key === '<<') throw new YamlProblem('a key merges another map');
  return found;
}

function plainKey(line: string): Key | undefined {
  const match = PLAIN_KEY.exec(line);
  const key = match?.[1];
  if (match === null || key === undefined) return undefined;
  if (key.endsWith(' ') || !isText(key)) throw new YamlProblem('a key is not a plain text');
  return { key, rest: line.slice(match[0].length) };
}

function quotedKey(line: string): Key | undefined {
  const end = closing(line);
  if (end < 0) return undefined;
  const behind = /^:(?: +|$)/.exec(line.slice(end));
  if (behind === null) return undefined;
  const { text } = quoted(line.slice(0, end), () => undefined);
  return { key: text, rest: line.slice(end + behind[0].length) };
}

/** Index of the quote that closes the one at the beginning of the line, or -1. */
function closing(line: string): number {
  const pattern = line.startsWith('"') ? /^"(?:[^"\\]|\\.)*"/ : /^'(?:[^']|'')*'/;
  return pattern.exec(line)?.[0].length ?? -1;
}
