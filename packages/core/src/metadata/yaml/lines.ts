import type { ScalarLines } from './block-scalar.ts';
import { YamlProblem } from './problem.ts';
import { withoutTrailing } from '../../text/trailing.ts';

/** Characters that YAML does not allow, or at which only some readers end a line. Tabs are checked separately. */
// oxlint-disable-next-line no-control-regex -- these are the characters to refuse
const UNUSUAL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]/u;

/** The lines of a document, one after the other. */
export class LineQueue implements ScalarLines {
  readonly #lines: string[];
  readonly open: boolean;
  #at = 0;

  constructor(text: string) {
    this.#lines = text.split('\n');
    this.open = this.#lines.at(-1) !== '';
    if (!this.open) this.#lines.pop();
  }

  /** Number of the line that was taken last, from 1. */
  get number(): number {
    return Math.max(1, this.#at);
  }

  peek(): string | undefined {
    return this.#lines[this.#at];
  }

  take(): string {
    return this.#lines[this.#at++]!;
  }

  /** Replaces the line that was taken last by `line`, which is then read again. */
  putBack(line: string): void {
    this.#at -= 1;
    this.#lines[this.#at] = line;
  }

  /** Skips blank lines. Returns the next line without spaces at its end, and does not take it. */
  structural(): string | undefined {
    for (;;) {
      const line = this.#lines[this.#at];
      if (line === undefined) return undefined;
      const trimmed = withoutTrailing(line, ' ');
      if (trimmed !== '') {
        if (/^ *\t/.test(trimmed)) throw new YamlProblem('a tab is in the place of indentation');
        this.#lines[this.#at] = trimmed;
        return trimmed;
      }
      this.#at += 1;
    }
  }

  /** Refuses characters that no writer uses in a document. */
  check(): void {
    for (const line of this.#lines) {
      this.#at += 1;
      if (UNUSUAL.test(line)) throw new YamlProblem('it holds a control character');
    }
    this.#at = 0;
  }
}
