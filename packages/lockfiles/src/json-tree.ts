/* A JSON document as a tree with places, so that a key that is there twice, or called `__proto__`, is seen. */
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { quote } from '@tarwarden/core/text';
import type { Collector } from './collector.ts';
import { MAX_LOCKFILE_DEPTH } from './limits.ts';
import type { LineIndex } from './lines.ts';

export type { Node } from 'jsonc-parser';

/** One property of an object. */
export interface JsonField {
  readonly line: number;
  readonly value: Node;
}

export type Fields = ReadonlyMap<string, JsonField>;

export class JsonReader {
  readonly #to: Collector;
  readonly #lines: LineIndex;

  constructor(to: Collector, lines: LineIndex) {
    this.#to = to;
    this.#lines = lines;
  }

  /** The fields of a document that is an object; undefined, with a problem, for anything else. */
  document(text: string, syntax: { readonly relaxed: boolean }): Fields | undefined {
    if (isDeep(text)) {
      this.#to.problem(1, `it nests more than ${MAX_LOCKFILE_DEPTH} objects and lists`);
      return undefined;
    }
    const errors: ParseError[] = [];
    const { relaxed } = syntax;
    const root = parseTree(text, errors, {
      disallowComments: !relaxed,
      allowTrailingComma: relaxed,
    });
    const [first] = errors;
    if (first !== undefined) {
      const problem = `it is not valid JSON (${printParseErrorCode(first.error)})`;
      this.#to.problem(this.#lines.at(first.offset), problem);
      return undefined;
    }
    if (root?.type === 'object') return this.fields(root);
    this.#to.problem(1, 'it does not hold a JSON object');
    return undefined;
  }

  /** Empty for what is not an object. A key that is there twice is a problem: programs take one or the other. */
  fields(node: Node | undefined): Fields {
    const found = new Map<string, JsonField>();
    if (node?.type !== 'object') return found;
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      const line = this.#lines.at(key.offset);
      if (found.has(name)) this.#to.problem(line, `the key ${quote(name)} is there twice`);
      found.set(name, { line, value });
    }
    return found;
  }
}

export function jsonText(field: JsonField | undefined): string | undefined {
  const value: unknown = field?.value.value;
  return field?.value.type === 'string' && typeof value === 'string' ? value : undefined;
}

export function isTrue(field: JsonField | undefined): boolean {
  return field?.value.type === 'boolean' && field.value.value === true;
}

/** What JavaScript takes for true. */
export function isTruthy(field: JsonField | undefined): boolean {
  if (field === undefined) return false;
  return ['object', 'array'].includes(field.value.type) || Boolean(field.value.value);
}

/** The parser recurses: what is nested so deep is not given to it. */
function isDeep(text: string): boolean {
  let depth = 0;
  // A text that is not closed ends at its line: to look for its end again from each quote in it would take long.
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*(?:"|\\?$)|[[\]{}]/gm)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth > MAX_LOCKFILE_DEPTH) return true;
  }
  return false;
}
