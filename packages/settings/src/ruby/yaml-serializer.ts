/*
 * Gem::YAMLSerializer, with which RubyGems (3.5 and newer) and Bundler (2 and newer) read their settings. It is no reader of YAML:
 * it knows no anchor, no flow mapping, no escape and no block of text, and it takes `#` for a comment inside quotes.
 */
import { leadingSpace, strip } from '../strip.ts';

/** A text, a list of texts, or a mapping. */
export type RubyValue = string | string[] | RubyHash;
export type RubyHash = Map<string, RubyValue>;

/** @throws TypeError for a text with which the client ends: an item before any list, or a line that is indented too far. */
export function loadRubyYaml(text: string): RubyHash {
  const result: RubyHash = new Map();
  const stack: RubyHash[] = [result];
  let list: { readonly hash: RubyHash; readonly key: string } | undefined;
  for (const line of text.split(/\r?\n/)) {
    const pair = pairIn(line);
    const item = pair === undefined ? itemIn(line) : undefined;
    if (pair !== undefined) {
      const { depth, key, quoted } = pair;
      const value = withoutComment(pair.value);
      const hash = stack[depth];
      if (hash === undefined) throw new TypeError('a line is indented too far');
      if (!quoted && value === '') {
        const inner: RubyHash = new Map();
        hash.set(key, inner);
        stack[depth + 1] = inner;
        list = { hash, key };
      } else hash.set(key, value === '[]' ? [] : value);
    } else if (item !== undefined) {
      if (list === undefined) throw new TypeError('an item of no list');
      const known = list.hash.get(list.key);
      if (Array.isArray(known)) known.push(withoutComment(item));
      else list.hash.set(list.key, [withoutComment(item)]);
    }
  }
  return result;
}

interface Pair {
  readonly depth: number;
  readonly key: string;
  readonly value: string;
  readonly quoted: boolean;
}

/** The key ends at the last colon that white space or the end follows, before any `#`. */
function pairIn(line: string): Pair | undefined {
  const comment = line.indexOf('#');
  let colon = line.lastIndexOf(':', comment < 0 ? Infinity : comment);
  while (colon > 0 && !/^[ \t-\r]?$/.test(line.charAt(colon + 1)))
    colon = line.lastIndexOf(':', colon - 1);
  if (colon < 1) return undefined;
  const indent = Math.min(
    leadingSpace(line, (character) => character === ' '),
    colon - 1,
  );
  const rest = line.slice(colon + 1).replace(/^ /, '');
  const value = unquoted(rest);
  return {
    depth: Math.floor(indent / 2),
    key: line.slice(indent, colon),
    value: value ?? rest,
    quoted: value !== undefined,
  };
}

function itemIn(line: string): string | undefined {
  const text = line.slice(leadingSpace(line, (character) => character === ' '));
  if (!text.startsWith('- ')) return undefined;
  return unquoted(text.slice(2)) ?? text.slice(2);
}

/** The text between quotes that are the first character and the last one. */
function unquoted(text: string): string | undefined {
  const [quote = ''] = text;
  const isQuoted = (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : undefined;
}

function withoutComment(value: string): string {
  const at = value.indexOf('#');
  return at > 0 ? strip(value.slice(0, at), isRubySpace) : value;
}

const isRubySpace = (character: string): boolean => /[\0\t-\r ]/.test(character);
