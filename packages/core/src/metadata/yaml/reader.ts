import { quote } from '../../text/printable.ts';
import { Anchors, propertiesOf, type Properties } from './properties.ts';
import { blockScalar } from './block-scalar.ts';
import { leadingKey } from './key.ts';
import type { YamlDocument, YamlNode } from './node.ts';
import { YamlProblem } from './problem.ts';
import { quoted } from './quoted.ts';
import { LineQueue } from './lines.ts';
import { symbolOf } from './scalar-type.ts';
import { withoutTrailing } from '../../text/trailing.ts';

export interface YamlLimits {
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
  #value(written: string, column: number, place: ValuePosition): YamlNode {
    if (place.depth > this.#limits.depth)
      throw new YamlProblem(`more than ${this.#limits.depth} levels`);
    const properties = propertiesOf(written);
    const { rest } = properties;
    if (properties.alias !== undefined) return this.#anchors.get(properties.alias);
    this.#values += 1;
    if (this.#values > this.#limits.values)
      throw new YamlProblem(`more than ${this.#limits.values} values`);
    this.#anchors.open(properties.anchor);
    const node =
      rest === ''
        ? this.#below(properties, place)
        : this.#beside(properties, column + (written.length - rest.length), place);
    this.#anchors.close(properties.anchor, node);
    this.#seeTag(properties.tag, node.kind);
    return node;
  }

  #seeTag(tag: string | undefined, kind: YamlNode['kind']): void {
    // `!` before a scalar only tells readers to treat it as one without quotes.
    if (tag === undefined || (tag === '!' && kind === 'scalar')) return;
    const kinds = this.#tags.get(tag) ?? new Set();
    this.#tags.set(tag, kinds.add(kind));
  }

  #below({ tag, anchor }: Properties, place: ValuePosition): YamlNode {
    const next = this.#lines.structural();
    const indent = next === undefined ? -1 : indentOf(next);
    if (next !== undefined && next !== END_MARK) {
      const item = isItem(next, indent);
      if (item && (indent > place.parent || (indent === place.parent && place.within === 'map')))
        return this.#list(indent, tag, place);
      if (!item && indent > place.parent) return this.#map(indent, tag, place);
    }
    if (tag !== undefined || anchor !== undefined)
      throw new YamlProblem('a tag or an anchor stands before nothing');
    return { kind: 'scalar', tag, text: '', plain: true };
  }

  #beside(properties: Properties, column: number, place: ValuePosition): YamlNode {
    const { tag, rest } = properties;
    const bare = tag === undefined && properties.anchor === undefined;
    if (rest === '[]') return { kind: 'list', tag, items: [] };
    if (rest === '{}') return { kind: 'map', tag, entries: new Map() };
    const plain = tag === '!';
    const written = plain ? undefined : tag;
    if (rest.startsWith('|') || rest.startsWith('>')) {
      const text = blockScalar(rest, this.#lines, place.parent);
      return this.#scalar(text, { tag: written, plain });
    }
    if (place.within === 'list' && bare && (isItem(rest, 0) || leadingKey(rest) !== undefined)) {
      this.#lines.putBack(`${' '.repeat(column)}${rest}`);
      return isItem(rest, 0)
        ? this.#list(column, undefined, place)
        : this.#map(column, undefined, place);
    }
    if (rest.startsWith("'") || rest.startsWith('"')) {
      const { text, rest: behind } = quoted(rest, () => this.#continuation(place));
      if (/[^ ]/.test(behind)) throw new YamlProblem('something follows a closing quote');
      return this.#scalar(text, { tag: written, plain });
    }
    return this.#scalar(this.#plain(rest, place), { tag: written, plain: true });
  }

  #scalar(text: string, style: { tag: string | undefined; plain: boolean }): YamlNode {
    const symbol = style.plain && style.tag === undefined ? symbolOf(text) : undefined;
    if (symbol !== undefined) this.#symbols.add(symbol);
    return { kind: 'scalar', text, ...style };
  }

  /** Reads a plain scalar, in which a line break is a space. A blank line ends it, since no writer puts one inside. */
  #plain(first: string, place: ValuePosition): string {
    checkPlain(first, true);
    let text = first;
    for (;;) {
      const next = this.#lines.peek();
      const piece = next === undefined ? '' : withoutTrailing(next.replace(/^ +/, ''), ' ');
      if (next === undefined || piece === '' || indentOf(next) <= place.parent) return text;
      checkPlain(piece, false);
      this.#lines.take();
      text += ` ${piece}`;
    }
  }

  /** The next line inside quotes, without its indentation. */
  #continuation(place: ValuePosition): string | undefined {
    const next = this.#lines.peek();
    if (next === undefined) return undefined;
    this.#lines.take();
    const piece = next.replace(/^ */, '');
    if (piece !== '' && indentOf(next) <= place.parent)
      throw new YamlProblem('a line inside quotes is not indented');
    return piece;
  }

  #list(column: number, tag: string | undefined, place: ValuePosition): YamlNode {
    const items: YamlNode[] = [];
    for (;;) {
      const line = this.#next(column, (next) => isItem(next, column));
      if (line === undefined) return { kind: 'list', tag, items };
      const rest = line.slice(column + 1).replace(/^ */, '');
      items.push(
        this.#value(rest, line.length - rest.length, {
          parent: column,
          within: 'list',
          depth: place.depth + 1,
        }),
      );
    }
  }

  #map(column: number, tag: string | undefined, place: ValuePosition): YamlNode {
    const entries = new Map<string, YamlNode>();
    for (;;) {
      const line = this.#next(column, (next) => !isItem(next, column));
      if (line === undefined) return { kind: 'map', tag, entries };
      const found = leadingKey(line.slice(column));
      if (found === undefined) throw new YamlProblem('a line is not a key and its value');
      const { key, rest } = found;
      const value = this.#value(rest, line.length - rest.length, {
        parent: column,
        within: 'map',
        depth: place.depth + 1,
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
