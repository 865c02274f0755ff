/* Parses JSON to a tree with line numbers. It also shows keys that occur twice, and keys called `__proto__`. */
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

  /** The fields of a document. If it is no object, the result is undefined, and there is a problem. */
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

  /** The fields of an object. Empty for other values. A key that occurs twice is a problem, because programs differ in the one they take. */
  fields(node: Node | undefined): Fields {
    const fieldsByName = new Map<string, JsonField>();
    if (node?.type !== 'object') return fieldsByName;
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      const line = this.#lines.at(key.offset);
      if (fieldsByName.has(name)) this.#to.problem(line, `the key ${quote(name)} is there twice`);
      fieldsByName.set(name, { line, value });
    }
    return fieldsByName;
  }
}

/** The fields with the dependencies of a package of the project. */
const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies'];

/** The requests of a package of the project, by name. */
export function rangesIn(json: JsonReader, fields: Fields): ReadonlyMap<string, string> {
  const dependencies = DEPENDENCIES.flatMap((kind) => [...json.fields(fields.get(kind)?.value)]);
  return new Map(dependencies.map(([name, field]) => [name, jsonText(field) ?? '']));
}

export function jsonText(field: JsonField | undefined): string | undefined {
  const value: unknown = field?.value.value;
  return field?.value.type === 'string' && typeof value === 'string' ? value : undefined;
}

export function isTrue(field: JsonField | undefined): boolean {
  return field?.value.type === 'boolean' && field.value.value === true;
}

/** Whether a value is true for JavaScript. */
export function isTruthy(field: JsonField | undefined): boolean {
  if (field === undefined) return false;
  return ['object', 'array'].includes(field.value.type) || Boolean(field.value.value);
}

/** Whether a text is nested too deeply for the parser, which recurses. */
function isDeep(text: string): boolean {
  let depth = 0;
  // A string without an end is cut at its line. Otherwise the search for the end would start again at each quote.
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*(?:"|\\?$)|[[\]{}]/gm)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth > MAX_LOCKFILE_DEPTH) return true;
  }
  return false;
}
