import { MAX_HEADER_FIELDS } from '../../limits.ts';

/** A field of a header block (RFC 822), its name in lower case. */
export interface HeaderField {
  readonly name: string;
  /** The value without white space around it. Folded lines are joined by line feeds. */
  readonly value: string;
}

export interface HeaderFields {
  readonly fields: readonly HeaderField[];
  /** The reason why reading stopped before the end of the header block, which is a blank line or the end of the file. */
  readonly wrong?: string;
}

/** A name of a field: printable ASCII without a colon. */
const FIELD = /^([!-9;-~]+):(.*)$/s;

/**
 * Reads the header block at the start of METADATA, PKG-INFO or WHEEL. A line of any other form ends the block for Python's email parser
 * and not for other readers, so it is reported.
 */
export function readHeaderFields(bytes: Buffer): HeaderFields {
  const fields: { name: string; value: string }[] = [];
  let count = 0;
  for (const line of lines(bytes)) {
    if (line === '') return { fields };
    if (count >= MAX_HEADER_FIELDS)
      return { fields, wrong: `more than ${MAX_HEADER_FIELDS} lines of fields` };
    count++;
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last === undefined) return { fields, wrong: 'the first line continues none' };
      last.value += `\n${line.trim()}`;
      continue;
    }
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined)
      return { fields, wrong: `line ${count} is not a field` };
    fields.push({ name: name.toLowerCase(), value: value.trim() });
  }
  return { fields };
}

/** The lines of a text. They end in LF, CR LF or, for Python, CR. */
function* lines(bytes: Buffer): Generator<string> {
  const LF = 0x0a;
  const CR = 0x0d;
  let from = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) continue;
    if (at < bytes.length || at > from) yield bytes.toString('utf8', from, at);
    if (bytes[at] === CR && bytes[at + 1] === LF) at++;
    from = at + 1;
  }
}

/** All values of a field, by its name in lower case. */
export function headerValues({ fields }: HeaderFields, name: string): string[] {
  return fields.filter((field) => field.name === name).map(({ value }) => value);
}
