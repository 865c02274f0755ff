import { YamlProblem } from './problem.ts';

const HEADER = /^([|>])(?:([1-9])([-+]?)|([-+]?)([1-9]?))$/;

/** The lines of a document. A scalar takes its own lines from them. */
export interface ScalarLines {
  /** The last line has no line break at its end, as in gems of 2004. */
  readonly open: boolean;
  /** The next line, which is not taken. Undefined at the end. */
  peek(): string | undefined;
  take(): string;
}

/**
 * Reads a literal (`|`) or folded (`>`) scalar below its header.
 *
 * @param parent Column of the map or list that it is in.
 */
export function blockScalar(header: string, lines: ScalarLines, parent: number): string {
  const [, style, first = '', chompAfter = '', chompBefore = '', last = ''] =
    HEADER.exec(header) ?? [];
  if (style === undefined) throw new YamlProblem('the header of a block is not known');
  const given = first + last;
  const content = take(lines, {
    indent: given === '' ? undefined : parent + Number(given),
    parent,
  });
  let end = content.length;
  while (end > 0 && content[end - 1] === '') end -= 1;
  const body = content.slice(0, end);
  const text = style === '|' ? body.join('\n') : folded(body);
  const chomp = chompAfter + chompBefore;
  if (chomp === '+') {
    const blank = content.length - end;
    return end === 0 ? '\n'.repeat(blank) : `${text}\n${'\n'.repeat(blank)}`;
  }
  return chomp === '-' || end === 0 ? text : `${text}\n`;
}

/** The lines of the block without their indentation. A blank line is empty. */
function take(lines: ScalarLines, block: { indent: number | undefined; parent: number }): string[] {
  let { indent } = block;
  const content: string[] = [];
  for (;;) {
    const line = lines.peek();
    if (line === undefined) {
      // Readers disagree whether such a text ends with a line break.
      if (lines.open) throw new YamlProblem('the last line of a block is not ended');
      return content;
    }
    const spaces = /^ */.exec(line)![0].length;
    const blank = spaces === line.length;
    if (blank && (indent === undefined || spaces <= indent)) {
      // Readers disagree whether spaces on a leading blank line set the indentation.
      if (indent === undefined && spaces > 0)
        throw new YamlProblem('a block begins with a line of spaces');
      content.push('');
      lines.take();
      continue;
    }
    if (indent === undefined) {
      if (spaces <= block.parent) return content;
      if (line[spaces] === '\t') throw new YamlProblem('a block begins with a tab');
      indent = spaces;
    }
    if (spaces < indent) {
      if (spaces > block.parent) throw new YamlProblem('a line of a block is indented less');
      return content;
    }
    content.push(line.slice(indent));
    lines.take();
  }
}

/** Joins lines by spaces. A blank line stands for a line break. */
function folded(body: readonly string[]): string {
  let text = '';
  let blank = 0;
  for (const [index, line] of body.entries()) {
    if (line === '') {
      blank += 1;
      continue;
    }
    if (line.startsWith(' ') || line.startsWith('\t'))
      throw new YamlProblem('a line of a folded block is indented more');
    if (index > 0) text += blank === 0 ? ' ' : '\n'.repeat(blank);
    else text += '\n'.repeat(blank);
    text += line;
    blank = 0;
  }
  return text;
}
