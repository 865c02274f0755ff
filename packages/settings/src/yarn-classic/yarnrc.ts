import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { asRecord } from '../files.ts';
import type { SettingValues } from '../layer.ts';

/**
 * The settings in the text of an .yarnrc, as Yarn 1 reads it: in the format of its lockfile, else as YAML. Nothing else reads that format
 * in the same way: `trueish` is `true` and another name, and two line ends are one.
 * @throws an error for a text that Yarn does not read.
 */
export function yarnrcClassicValues(text: string): SettingValues {
  // Yarn merges both sides.
  if (['<<<<<<<', '=======', '>>>>>>>'].every((mark) => text.includes(mark)))
    throw new TypeError('it has conflicts');
  try {
    return new Map(Object.entries(new Parser(text).mapping(0)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return yamlClassicValues(text);
  }
}

export function yamlClassicValues(text: string): SettingValues {
  const values = new Map(Object.entries(asRecord(load(text, { schema: FAILSAFE_SCHEMA }))));
  // With Yarn 1's parser, all that is below this name is set.
  if (values.has('__proto__')) throw new TypeError('a name that sets others');
  return values;
}

type Token =
  | { readonly type: 'newline' | 'colon' | 'comma' | 'end' }
  | { readonly type: 'indent'; readonly levels: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'plain'; readonly value: number | boolean };

/** Each matches at the start of the remaining text. */
const TOKENS =
  /(?<newline>[\n\r]\n?)|#(?<comment>[^\n]*)|(?<spaces> +)|(?<quoted>"(?:\\\\|\\"|[^"])*(?:"|$))|(?<number>\d+)|(?<truth>true|false)|(?<colon>:)|(?<comma>,)|(?<bare>[a-zA-Z/.-][^: \n\r,]*)/y;

function* tokensOf(text: string): Generator<Token> {
  let startsLine = false;
  const pattern = new RegExp(TOKENS);
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text)?.groups;
    if (found === undefined) throw new SyntaxError('a character that no token begins with');
    const { newline, spaces, quoted, number, truth, bare } = found;
    if (newline !== undefined) yield { type: 'newline' };
    else if (spaces !== undefined && startsLine) {
      if (spaces.length % 2 === 1) throw new SyntaxError('an odd number of spaces');
      yield { type: 'indent', levels: spaces.length / 2 };
    } else if (quoted !== undefined) yield { type: 'text', value: JSON.parse(quoted) as string };
    else if (number !== undefined) yield { type: 'plain', value: Number(number) };
    else if (truth !== undefined) yield { type: 'plain', value: truth === 'true' };
    else if (found['colon'] !== undefined) yield { type: 'colon' };
    else if (found['comma'] !== undefined) yield { type: 'comma' };
    else if (bare !== undefined) yield { type: 'text', value: bare };
    startsLine = newline !== undefined && newline !== '\r';
  }
  yield { type: 'end' };
}

class Parser {
  readonly #tokens: Generator<Token>;
  #token: Token;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
    this.#token = this.#next();
  }

  #next(): Token {
    const { done, value } = this.#tokens.next();
    return (this.#token = done === true ? { type: 'end' } : value);
  }

  mapping(level: number): Record<string, unknown> {
    const found: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (;;) {
      const token = this.#token;
      if (token.type === 'newline') {
        const next = this.#next();
        if (level === 0) continue;
        if (next.type !== 'indent' || next.levels !== level) return found;
        this.#next();
      } else if (token.type === 'indent') {
        if (token.levels !== level) return found;
        this.#next();
      } else if (token.type === 'end') return found;
      else if (this.#entry(level, found)) return found;
    }
  }

  /** Reads names and their value. True if the mapping ends with them. */
  #entry(level: number, found: Record<string, unknown>): boolean {
    const names = [this.#name()];
    while (this.#token.type === 'comma') {
      this.#next();
      names.push(this.#name());
    }
    const isOpen = this.#token.type === 'colon';
    if (isOpen) this.#next();
    const token = this.#token;
    if (token.type === 'text' || token.type === 'plain') {
      for (const name of names) found[name] = token.value;
      this.#next();
      return false;
    }
    if (!isOpen) throw new SyntaxError('a name without a value');
    const nested = this.mapping(level + 1);
    for (const name of names) found[name] = nested;
    return level > 0 && this.#token.type !== 'indent';
  }

  #name(): string {
    const token = this.#token;
    if (token.type !== 'text' || token.value === '') throw new SyntaxError('no name');
    this.#next();
    return token.value;
  }
}
