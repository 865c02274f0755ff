/** Finds lines of a text by offset, and by the keys at their start, because the parsers in use give no line numbers. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
      this.#starts.push(at + 1);
  }

  /** The line of an offset, from 1. */
  at(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /**
   * The first line of each key of a YAML mapping that is indented by `indent` spaces. Package managers write each key on its own line,
   * plain or in quotes. A key of more than 128 characters may start with a question mark.
   */
  ofKeys(indent: number): ReadonlyMap<string, number> {
    return new Map([...this.allOfKeys(indent)].map(([key, [first]]) => [key, first!]));
  }

  /** All lines of each such key, in order. */
  allOfKeys(indent: number): ReadonlyMap<string, readonly number[]> {
    const linesByKey = new Map<string, number[]>();
    const pattern = new RegExp(
      `^ {${indent}}(?:\\? )?(?:'((?:[^'\\n]|'')*)'|"([^"\\n]*)"|([^\\s#'"][^\\n]*?))(?::(?: [^\\n]*)?)?\\r?$`,
      'gm',
    );
    for (const match of this.#text.matchAll(pattern)) {
      const [, single, double, plain] = match;
      const key = single?.replaceAll("''", "'") ?? double ?? plain!.replace(/: .*$/, '');
      const lines = linesByKey.get(key);
      if (lines === undefined) linesByKey.set(key, [this.at(match.index)]);
      else lines.push(this.at(match.index));
    }
    return linesByKey;
  }
}
