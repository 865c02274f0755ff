import { YamlProblem, quoted, isText, blockScalar, LineQueue, symbolOf } from './scalars.ts';
import { withoutTrailing } from '../../text/trailing.ts';
import { quote } from '../../text/printable.ts';

/** A value of a YAML document. Tags are kept as they are written, and not interpreted. */
export type YamlNode = YamlScalar | YamlMap | YamlList;

interface YamlScalar {
  readonly kind: 'scalar';
  readonly tag: string | undefined;
  readonly text: string;
  /** Written without quotes: then Psych may read a number, a date or null. A scalar in quotes or a block is always text. */
  readonly plain: boolean;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly tag: string | undefined;
  readonly entries: ReadonlyMap<string, YamlNode>;
}

interface YamlList {
  readonly kind: 'list';
  readonly tag: string | undefined;
  readonly items: readonly YamlNode[];
}

/** A document, or the first problem in it. */
export type YamlDocument =
  | {
      readonly ok: true;
      readonly root: YamlNode;
      /** Tags of the document, with the kinds of values that they precede. */
      readonly tags: ReadonlyMap<string, ReadonlySet<YamlNode['kind']>>;
      /** Symbols (`:name`) of the document, each once. */
      readonly symbols: ReadonlySet<string>;
      /** Keys that appear twice in one map. */
      readonly repeated: readonly string[];
    }
  | {
      readonly ok: false;
      /** The problem in words. Hostile text in it is already quoted. */
      readonly problem: string;
      /** Number of the line, from 1. */
      readonly line: number;
    };

/** Tag, anchor and alias before a value. */
interface Properties {
  readonly tag: string | undefined;
  readonly anchor: string | undefined;
  /** Name of an anchor, if the value repeats the value of that anchor. */
  readonly alias: string | undefined;
  /** The rest of the line, without spaces around it. */
  readonly valueText: string;
}

const PROPERTY = /^([&!])([^ ]*)(?: +|$)/;
const ANCHOR = /^[A-Za-z0-9_-]+$/;
/** A tag of plain characters. `%` is missing, since it begins an escape. */
const TAG = /^(?:!?[A-Za-z0-9_:/.-]+)?$/;
const ALIAS = /^\*([A-Za-z0-9_-]+)$/;

function propertiesOf(text: string): Properties {
  let valueText = withoutTrailing(text, ' ');
  let tag: string | undefined;
  let anchor: string | undefined;
  for (;;) {
    const match = PROPERTY.exec(valueText);
    if (match === null) break;
    const [whole, kind, name = ''] = match;
    if (kind === '&') {
      if (anchor !== undefined || !ANCHOR.test(name))
        throw new YamlProblem('an anchor is not plain');
      anchor = name;
    } else {
      if (tag !== undefined || !TAG.test(name)) throw new YamlProblem('a tag is not plain');
      tag = `!${name}`;
    }
    valueText = valueText.slice(whole.length);
  }
  const alias = ALIAS.exec(valueText)?.[1];
  if (alias !== undefined && (tag !== undefined || anchor !== undefined))
    throw new YamlProblem('an alias has a tag or an anchor');
  return { tag, anchor, alias, valueText };
}

/**
 * The values that have an anchor. An alias becomes the same object, so it needs no memory. But each user of the document walks the value
 * again, so the number of repeated values is bounded.
 */
class Anchors {
  readonly #nodes = new Map<string, YamlNode | undefined>();
  readonly #sizes = new Map<YamlNode, number>();
  readonly #limit: number;
  #repeated = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Begins a value. An alias inside it cannot repeat it. */
  open(anchor: string | undefined): void {
    if (anchor === undefined) return;
    if (this.#nodes.has(anchor)) throw new YamlProblem('an anchor is there twice');
    this.#nodes.set(anchor, undefined);
  }

  close(anchor: string | undefined, node: YamlNode): void {
    if (anchor !== undefined) this.#nodes.set(anchor, node);
  }

  get(alias: string): YamlNode {
    const node = this.#nodes.get(alias);
    if (node === undefined) throw new YamlProblem('an alias is of no value before it');
    this.#repeated += this.#sizeOf(node);
    if (this.#repeated > this.#limit)
      throw new YamlProblem(`aliases repeat more than ${this.#limit} characters`);
    return node;
  }

  /** Characters of a value, plus one for each value in it. Repeated values were counted before. */
  #sizeOf(node: YamlNode): number {
    const knownSize = this.#sizes.get(node);
    if (knownSize !== undefined) return knownSize;
    let size = 1;
    if (node.kind === 'scalar') size += node.text.length;
    else if (node.kind === 'list') for (const item of node.items) size += this.#sizeOf(item);
    else for (const [key, value] of node.entries) size += key.length + this.#sizeOf(value);
    this.#sizes.set(node, size);
    return size;
  }
}

interface Key {
  readonly key: string;
  /** The text after the colon, without leading spaces. */
  readonly valueText: string;
}

/** libyaml recognises a key only if its colon is within 1,024 characters. */
const MAX_KEY_CHARS = 1000;
const PLAIN_KEY = /^([A-Za-z0-9_./][^:#\t]*?|<<):(?: +|$)/;

/** The key at the beginning of a line, or undefined. */
function leadingKey(line: string): Key | undefined {
  const parsedKey = line.startsWith('"') || line.startsWith("'") ? quotedKey(line) : plainKey(line);
  if (parsedKey === undefined) return undefined;
  if (line.length - parsedKey.valueText.length > MAX_KEY_CHARS)
    throw new YamlProblem('a key is too long');
  if (parsedKey.key === '<<') throw new YamlProblem('a key merges another map');
  return parsedKey;
}

function plainKey(line: string): Key | undefined {
  const match = PLAIN_KEY.exec(line);
  const key = match?.[1];
  if (match === null || key === undefined) return undefined;
  if (key.endsWith(' ') || !isText(key)) throw new YamlProblem('a key is not a plain text');
  return { key, valueText: line.slice(match[0].length) };
}

function quotedKey(line: string): Key | undefined {
  const end = closing(line);
  if (end < 0) return undefined;
  const behind = /^:(?: +|$)/.exec(line.slice(end));
  if (behind === null) return undefined;
  const { text } = quoted(line.slice(0, end), () => undefined);
  return { key: text, valueText: line.slice(end + behind[0].length) };
}

/** Index of the quote that closes the one at the beginning of the line, or -1. */
function closing(line: string): number {
  const pattern = line.startsWith('"') ? /^"(?:[^"\\]|\\.)*"/ : /^'(?:[^']|'')*'/;
  return pattern.exec(line)?.[0].length ?? -1;
}

export { isText, symbolOf } from './scalars.ts';

interface YamlLimits {
  /** Limit on scalars, maps and lists, without aliases. */
  readonly values: number;
  readonly depth: number;
  /** Limit on characters and values that aliases repeat. */
  readonly repeated: number;
}

/**
 * Reads one document as Psych and Syck write it: blocks of maps and lists, scalars in every style, anchors and tags. It refuses all
 * other parts of YAML, which libraries read in different ways: comments, directives, flow collections, complex and merge keys, a
 * second document, tabs before content.
 */
export function readYaml(text: string, limits: YamlLimits): YamlDocument {
  const reader = new Reader(text, limits);
  try {
    return reader.document();
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    return { ok: false, problem: error.message, line: reader.line };
  }
}

/** Ends a document. libyaml writes it after some documents. */
const END_MARK = '...';

/** The position of a value. */
interface ValuePosition {
  /** Column of the map or list that contains it, or -1 for the document itself. */
  readonly parent: number;
  readonly within: 'document' | 'map' | 'list';
  readonly depth: number;
}

class Reader {
  readonly #lines: LineQueue;
  readonly #limits: YamlLimits;
  readonly #anchors: Anchors;
  readonly #tags = new Map<string, Set<YamlNode['kind']>>();
  readonly #symbols = new Set<string>();
  readonly #repeated: string[] = [];
  #values = 0;

  constructor(text: string, limits: YamlLimits) {
    this.#lines = new LineQueue(text);
    this.#limits = limits;
    this.#anchors = new Anchors(limits.repeated);
  }

  get line(): number {
    return this.#lines.number;
  }

  document(): YamlDocument {
    this.#lines.check();
    const first = this.#lines.peek() ?? '';
    if (!/^---(?: |$)/.test(first)) throw new YamlProblem('it does not begin with `---`');
    this.#lines.take();
    const root = this.#value(first.slice(4), 4, { parent: -1, within: 'document', depth: 0 });
    if (this.#lines.structural() === END_MARK) this.#lines.take();
    if (this.#lines.structural() !== undefined)
      throw new YamlProblem('something follows the document');
    return {
      ok: true,
      root,
      tags: this.#tags,
      symbols: this.#symbols,
      repeated: this.#repeated,
    };
  }

  /** Reads the value after a key or a dash, with the lines below that belong to it. */
  #value(text: string, column: number, position: ValuePosition): YamlNode {
    if (position.depth > this.#limits.depth)
      throw new YamlProblem(`more than ${this.#limits.depth} levels`);
    const properties = propertiesOf(text);
    const { valueText } = properties;
    if (properties.alias !== undefined) return this.#anchors.get(properties.alias);
    this.#values += 1;
    if (this.#values > this.#limits.values)
      throw new YamlProblem(`more than ${this.#limits.values} values`);
    this.#anchors.open(properties.anchor);
    const node =
      valueText === ''
        ? this.#below(properties, position)
        : this.#beside(properties, column + (text.length - valueText.length), position);
    this.#anchors.close(properties.anchor, node);
    this.#seeTag(properties.tag, node.kind);
    return node;
  }

  #seeTag(tag: string | undefined, kind: YamlNode['kind']): void {
    // `!` before a scalar only means that readers treat it as one without quotes.
    if (tag === undefined || (tag === '!' && kind === 'scalar')) return;
    const kinds = this.#tags.get(tag) ?? new Set();
    this.#tags.set(tag, kinds.add(kind));
  }

  #below({ tag, anchor }: Properties, position: ValuePosition): YamlNode {
    const next = this.#lines.structural();
    const indent = next === undefined ? -1 : indentOf(next);
    if (next !== undefined && next !== END_MARK) {
      const item = isItem(next, indent);
      if (
        item &&
        (indent > position.parent || (indent === position.parent && position.within === 'map'))
      )
        return this.#list(indent, tag, position);
      if (!item && indent > position.parent) return this.#map(indent, tag, position);
    }
    if (tag !== undefined || anchor !== undefined)
      throw new YamlProblem('a tag or an anchor stands before nothing');
    return { kind: 'scalar', tag, text: '', plain: true };
  }

  #beside(properties: Properties, column: number, position: ValuePosition): YamlNode {
    const { tag, valueText } = properties;
    const bare = tag === undefined && properties.anchor === undefined;
    if (valueText === '[]') return { kind: 'list', tag, items: [] };
    if (valueText === '{}') return { kind: 'map', tag, entries: new Map() };
    const plain = tag === '!';
    const explicitTag = plain ? undefined : tag;
    if (valueText.startsWith('|') || valueText.startsWith('>')) {
      const text = blockScalar(valueText, this.#lines, position.parent);
      return this.#scalar(text, { tag: explicitTag, plain });
    }
    if (
      position.within === 'list' &&
      bare &&
      (isItem(valueText, 0) || leadingKey(valueText) !== undefined)
    ) {
      this.#lines.putBack(`${' '.repeat(column)}${valueText}`);
      return isItem(valueText, 0)
        ? this.#list(column, undefined, position)
        : this.#map(column, undefined, position);
    }
    if (valueText.startsWith("'") || valueText.startsWith('"')) {
      const { text, rest: behind } = quoted(valueText, () => this.#continuation(position));
      if (/[^ ]/.test(behind)) throw new YamlProblem('something follows a closing quote');
      return this.#scalar(text, { tag: explicitTag, plain });
    }
    return this.#scalar(this.#plain(valueText, position), { tag: explicitTag, plain: true });
  }

  #scalar(text: string, style: { tag: string | undefined; plain: boolean }): YamlNode {
    const symbol = style.plain && style.tag === undefined ? symbolOf(text) : undefined;
    if (symbol !== undefined) this.#symbols.add(symbol);
    return { kind: 'scalar', text, ...style };
  }

  /** Reads a plain scalar, in which a line break is a space. A blank line ends it, since no writer puts one inside. */
  #plain(first: string, position: ValuePosition): string {
    checkPlain(first, true);
    let text = first;
    for (;;) {
      const next = this.#lines.peek();
      const piece = next === undefined ? '' : withoutTrailing(next.replace(/^ +/, ''), ' ');
      if (next === undefined || piece === '' || indentOf(next) <= position.parent) return text;
      checkPlain(piece, false);
      this.#lines.take();
      text += ` ${piece}`;
    }
  }

  /** The next line inside quotes, without its indentation. */
  #continuation(position: ValuePosition): string | undefined {
    const next = this.#lines.peek();
    if (next === undefined) return undefined;
    this.#lines.take();
    const piece = next.replace(/^ */, '');
    if (piece !== '' && indentOf(next) <= position.parent)
      throw new YamlProblem('a line inside quotes is not indented');
    return piece;
  }

  #list(column: number, tag: string | undefined, position: ValuePosition): YamlNode {
    const items: YamlNode[] = [];
    for (;;) {
      const line = this.#next(column, (next) => isItem(next, column));
      if (line === undefined) return { kind: 'list', tag, items };
      const valueText = line.slice(column + 1).replace(/^ */, '');
      items.push(
        this.#value(valueText, line.length - valueText.length, {
          parent: column,
          within: 'list',
          depth: position.depth + 1,
        }),
      );
    }
  }

  #map(column: number, tag: string | undefined, position: ValuePosition): YamlNode {
    const entries = new Map<string, YamlNode>();
    for (;;) {
      const line = this.#next(column, (next) => !isItem(next, column));
      if (line === undefined) return { kind: 'map', tag, entries };
      const parsedKey = leadingKey(line.slice(column));
      if (parsedKey === undefined) throw new YamlProblem('a line is not a key and its value');
      const { key, valueText } = parsedKey;
      const value = this.#value(valueText, line.length - valueText.length, {
        parent: column,
        within: 'map',
        depth: position.depth + 1,
      });
      if (entries.has(key)) this.#repeated.push(key);
      entries.set(key, value);
    }
  }

  /** Takes the next line of a collection at `column`. Undefined after its end. */
  #next(column: number, belongs: (line: string) => boolean): string | undefined {
    const next = this.#lines.structural();
    if (next === undefined || next === END_MARK) return undefined;
    const indent = indentOf(next);
    if (indent > column) throw new YamlProblem(`a line is indented too far: ${quote(next)}`);
    if (indent < column || !belongs(next)) return undefined;
    return this.#lines.take();
  }
}

function indentOf(line: string): number {
  let at = 0;
  while (line[at] === ' ') at += 1;
  return at;
}

function isItem(line: string, at: number): boolean {
  return line[at] === '-' && (line.length === at + 1 || line[at + 1] === ' ');
}

/** Characters that cannot begin a scalar without quotes. */
const INDICATOR = /^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?: |$))/;
/** A comment, the end of a key, or a tab. */
const ENDS = /(?:^| )#|:(?: |$)|\t/;

/** Refuses a line of a scalar without quotes if a reader may end the scalar before the end of the line. */
function checkPlain(line: string, first: boolean): void {
  if ((first && INDICATOR.test(line)) || ENDS.test(line))
    throw new YamlProblem(`a text without quotes is not plain: ${quote(line)}`);
}
