/* The files of pip, as Python's `configparser.RawConfigParser` reads them: no interpolation, no values without a name, no duplicates. */
import type { SettingValues } from '../layer.ts';
import { leadingSpace, strip, trailingSpace } from '../strip.ts';

type Section = Map<string, string[]>;

/** Characters for which `str.isspace` is true. JavaScript trims others: a byte order mark is no space in Python. */
export const PYTHON_SPACE: RegExp =
  /[\t-\r\x1C-\x20\x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/;

const isPythonSpace = (character: string): boolean => PYTHON_SPACE.test(character);

const stripped = (text: string): string => strip(text, isPythonSpace);

/**
 * Settings by `section.name`, with the name as pip normalises it. `[DEFAULT]` is part of each other section.
 * @throws Error for a file with which pip ends.
 */
export function pipValues(text: string): SettingValues {
  const { sections, defaults } = readSections(text);
  const values = new Map<string, unknown>();
  for (const [section, options] of sections)
    for (const [name, lines] of new Map([...defaults, ...options]))
      values.set(`${section}.${pipName(name)}`, joined(lines));
  return values;
}

/** `_normalize_name` of pip: `INDEX_URL` and `--index-url` are `index-url`. */
export function pipName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-').replace(/^--/, '');
}

function readSections(text: string): {
  readonly sections: ReadonlyMap<string, Section>;
  readonly defaults: Section;
} {
  const sections = new Map<string, Section>();
  const defaults: Section = new Map();
  let section: Section | undefined;
  let value: string[] | undefined;
  let indent = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const content = stripped(line);
    if (content === '') value?.push('');
    if (content === '' || /^[#;]/.test(content)) continue;
    const own = leadingSpace(line, isPythonSpace);
    if (value !== undefined && own > indent) {
      value.push(content);
      continue;
    }
    indent = own;
    const header = headerIn(content);
    if (header !== undefined) {
      if (sections.has(header)) throw new Error('a section is there twice');
      section = header === 'DEFAULT' ? defaults : new Map<string, string[]>();
      if (section !== defaults) sections.set(header, section);
      value = undefined;
      continue;
    }
    if (section === undefined) throw new Error('a line before the first section');
    const end = content.search(/[=:]/);
    const name = stripped(content.slice(0, Math.max(end, 0))).toLowerCase();
    if (name === '') throw new Error('a line without a name');
    if (section.has(name)) throw new Error('a name is there twice');
    value = [stripped(content.slice(end + 1))];
    section.set(name, value);
  }
  return { sections, defaults };
}

/** The text between the first bracket and the last one. */
function headerIn(line: string): string | undefined {
  const end = line.lastIndexOf(']');
  return line.startsWith('[') && end > 1 ? line.slice(1, end) : undefined;
}

function joined(lines: readonly string[]): string {
  const text = lines.join('\n');
  return text.slice(0, text.length - trailingSpace(text, isPythonSpace));
}
