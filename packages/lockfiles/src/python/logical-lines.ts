/* Splits requirements files into lines, and joins these, as pip does. */
import { quote, withoutTrailing } from '@tarwarden/core/text';
import type { Collector } from '../collector.ts';

/** Characters besides a line feed that end a line for Python. An editor shows the next line as a part of the comment before it. */
// oxlint-disable-next-line no-control-regex -- these are control characters
const ENDS = /[\r\v\f\u001C-\u001E\u0085\u2028\u2029]/;

/** PEP 263: pip reads the file in this encoding, and then a comment may be no comment. */
const CODING = /^#.*coding[:=]\s*([-\w.]+)/;
const UTF8 = /^(?:utf[-_]?8(?:[-_]sig)?|us-ascii|ascii)$/i;

export interface LogicalLine {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** Without comments, and not empty. */
  readonly content: string;
}

export function* logicalLines(text: string, to: Collector): Generator<LogicalLine> {
  const lines = text.split('\n');
  for (const [index, line] of lines.slice(0, 2).entries()) {
    const coding = CODING.exec(line)?.[1];
    if (coding !== undefined && !UTF8.test(coding))
      to.problem(index + 1, `pip reads it in the encoding ${quote(coding)}, and not as UTF-8`);
  }
  let start = 1;
  let held: string[] = [];
  for (const [index, raw] of lines.entries()) {
    for (const part of raw.replace(/\r$/, '').split(ENDS)) {
      if (held.length === 0) start = index + 1;
      const isComment = /^\s*#/.test(part);
      if (part.endsWith('\\') && !isComment) {
        if (/\s#/.test(part))
          to.problem(
            index + 1,
            'a comment ends with a backslash, which clients read in several ways',
          );
        held.push(withoutTrailing(part.replace(/^\\+/, ''), '\\'));
        continue;
      }
      const content = withoutComment(held.join('') + (isComment ? ` ${part}` : part));
      held = [];
      if (content !== '') yield { line: start, content };
    }
  }
  const rest = withoutComment(held.join(''));
  if (rest !== '') yield { line: start, content: rest };
}

/** pip starts a comment at `#` only at the start of a line, or after a space or tab. After other white space the `#` stays, and the line is not read. */
function withoutComment(text: string): string {
  return text.replace(/(?:^|[ \t])#.*$/, '').trim();
}
