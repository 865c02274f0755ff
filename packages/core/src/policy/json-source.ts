import { MAX_POLICY_DEPTH } from '../limits.ts';
import { quote } from '../text/printable.ts';

/** Keys and indexes that lead from the top of a document to one value. */
export type JsonPath = readonly (string | number)[];

/** The position of a value or a mistake, counted from 1. Columns are UTF-16 units. */
export interface JsonPosition {
  readonly line: number;
  readonly column: number;
}

/** A parsed document that remembers the positions of its values. Objects have no prototype. */
export interface JsonDocument {
  readonly value: unknown;
  /** Position of the value at a path, or of the nearest value around it. */
  position(path: JsonPath): JsonPosition;
}

/** The text is not JSON, or has a key twice. The message is one line and safe for a terminal. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly position: JsonPosition;

  constructor(message: string, position: JsonPosition) {
    super(message);
    this.position = position;
  }
}

const STRING = /"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const WORD = /true|false|null/y;
const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };

/**
 * Parses JSON as `JSON.parse` does, with two differences: a key that appears twice in an object is an error, since readers
 * disagree which of them counts, and nesting is bounded.
 */
export function parseJson(text: string): JsonDocument {
  return new Parser(text).document();
}

function pathKey(path: JsonPath): string {
  return JSON.stringify(path);
}

class Parser {
  readonly #text: string;
  #at = 0;
  readonly #path: (string | number)[] = [];
  readonly #offsets = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonDocument {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('text after the end of the document');
    return { value, position: (path) => this.#positionOf(path) };
  }

  #positionOf(path: JsonPath): JsonPosition {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = this.#offsets.get(pathKey(path.slice(0, length)));
      if (offset !== undefined) return this.#positionAt(offset);
    }
    return this.#positionAt(this.#offsets.get(pathKey([])) ?? 0);
  }

  #positionAt(offset: number): JsonPosition {
    const before = this.#text.slice(0, offset).split(/\r\n|\n|\r/);
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  }

  #fail(message: string, offset: number = this.#at): never {
    throw new JsonSyntaxError(message, this.#positionAt(offset));
  }

  /** Takes the text that a sticky pattern matches here. If it does not match, returns undefined and stays. */
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const matched = pattern.exec(this.#text)?.[0];
    if (matched !== undefined) this.#at += matched.length;
    return matched;
  }

  #space(): void {
    this.#take(SPACE);
  }

  #punctuation(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #unexpected(expected: string): never {
    const character = this.#text[this.#at];
    this.#fail(
      `expected ${expected}, found ${character === undefined ? 'the end' : quote(character)}`,
    );
  }

  #value(): unknown {
    this.#space();
    this.#offsets.set(pathKey(this.#path), this.#at);
    if (this.#path.length > MAX_POLICY_DEPTH) this.#fail('nested too deeply');
    const first = this.#text[this.#at];
    if (first === '{') return this.#object();
    if (first === '[') return this.#array();
    if (first === '"') return this.#string();
    const number = this.#take(NUMBER);
    if (number !== undefined) return Number(number);
    const word = this.#take(WORD);
    return word === undefined ? this.#unexpected('a value') : WORDS[word];
  }

  #string(): string {
    const literal = this.#take(STRING);
    return literal === undefined ? this.#unexpected('a string') : (JSON.parse(literal) as string);
  }

  #array(): unknown[] {
    this.#at += 1;
    const items: unknown[] = [];
    if (this.#punctuation(']')) return items;
    do {
      this.#path.push(items.length);
      items.push(this.#value());
      this.#path.pop();
    } while (this.#punctuation(','));
    return this.#punctuation(']') ? items : this.#unexpected('"," or "]"');
  }

  #object(): Record<string, unknown> {
    this.#at += 1;
    const fields = Object.create(null) as Record<string, unknown>;
    if (this.#punctuation('}')) return fields;
    do {
      this.#space();
      const offset = this.#at;
      const key = this.#string();
      if (key in fields) this.#fail(`the key ${quote(key)} appears twice`, offset);
      if (!this.#punctuation(':')) this.#unexpected('":"');
      this.#path.push(key);
      fields[key] = this.#value();
      this.#path.pop();
    } while (this.#punctuation(','));
    return this.#punctuation('}') ? fields : this.#unexpected('"," or "}"');
  }
}
