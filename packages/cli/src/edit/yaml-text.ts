/*
 * Changes YAML that people wrote. Whole lines are added or removed at places that a parser found, and every other byte stays.
 * The changed text is parsed again, with the parser of the managers, and has to have the intended meaning.
 */
import { isDeepStrictEqual } from 'node:util';
import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { isAlias, isMap, isScalar, isSeq, parseDocument, visit, type YAMLMap } from 'yaml';

export type YamlData = Readonly<Record<string, unknown>>;

/** A text, or the reason why it was not changed. */
export type Changed = { readonly text: string } | { readonly cannot: string };

/** The most characters of a text that is changed. People write less, and parsers take long for deep nesting. */
const MAX_CHARS = 256 * 1024;

/** The data of a text as Yarn reads it, with every value as a string. Otherwise the reason why it is not known. */
export function yamlData(text: string): { readonly data: YamlData } | { readonly cannot: string } {
  if (text.length > MAX_CHARS) return { cannot: 'it is too large' };
  // A few lines of aliases can stand for more data than fits into memory.
  if (/(?:^|[\s[{,:-])[&*][^\s]/m.test(text)) return { cannot: 'it has anchors or aliases' };
  try {
    const data = load(text, { schema: FAILSAFE_SCHEMA }) ?? {};
    if (typeof data !== 'object' || Array.isArray(data)) return { cannot: 'it is not a mapping' };
    return { data: data as YamlData };
  } catch {
    return { cannot: 'it is not YAML that is understood' };
  }
}

/** The text, if it has the intended meaning. */
export function ifSaying(text: string, meant: YamlData): Changed {
  const read = yamlData(text);
  if ('data' in read && isDeepStrictEqual(plain(read.data), plain(meant))) return { text };
  return { cannot: 'it cannot be changed without changing other things' };
}

/** The text with new lines at the end of a mapping. If the mapping ends without a line end, so does the new text. */
export function withLinesAtEnd(text: string, lines: readonly string[]): Changed {
  const found = rootOf(text);
  if ('cannot' in found) return found;
  const eol = eolOf(text);
  const indent = found.root === undefined ? '' : columnOf(text, startOf(found.root));
  if (indent === undefined) return { cannot: 'its first key does not begin its line' };
  const block = lines.map((line) => indent + line).join(eol);
  if (text === '' || text === '\uFEFF') return { text: text + block };
  return { text: text.endsWith('\n') ? `${text}${block}${eol}` : `${text}${eol}${block}` };
}

/** The text with a new item before the first one of a list that has one item a line. */
export function withFirstItem(text: string, key: string, lines: readonly string[]): Changed {
  const found = rootOf(text);
  if ('cannot' in found) return found;
  const list = found.root?.get(key, true);
  const at = isSeq(list) && list.flow !== true ? list.range?.[0] : undefined;
  if (at === undefined || !/^-\s/.test(shifted(text).slice(at, at + 2)))
    return { cannot: `\`${key}\` is not a list with one item a line` };
  const indent = columnOf(text, at);
  if (indent === undefined) return { cannot: `\`${key}\` does not begin its lines` };
  const [head, tail] = [shifted(text).slice(0, at), shifted(text).slice(at)];
  const eol = eolOf(text);
  const item = lines.map((line, index) => (index === 0 ? line : indent + line)).join(eol);
  return { text: `${markOf(text)}${head}${item}${eol}${indent}${tail}` };
}

/**
 * The text without a block of whole lines. If the block ends the text without a line end, the line end before it is removed as
 * well. It is the opposite of {@link withLinesAtEnd}.
 */
export function withoutLines(text: string, start: number, end: number): string {
  const before = text.slice(0, start);
  const isLast = end === text.length && !text.endsWith('\n');
  return (isLast ? before.replace(/\r?\n$/, '') : before) + text.slice(end);
}

/** The mapping of a document. Undefined if there are only comments. */
function rootOf(
  text: string,
): { readonly root: YAMLMap | undefined } | { readonly cannot: string } {
  if (text.length > MAX_CHARS) return { cannot: 'it is too large' };
  try {
    const document = parseDocument(shifted(text));
    if (document.errors.length > 0) return { cannot: 'it is not YAML that is understood' };
    // The meaning of one line must not depend on other lines or on the parser.
    let isPlain = true;
    visit(document, {
      Node(_, node) {
        if (!isAlias(node) && node.anchor === undefined && node.tag === undefined) return;
        isPlain = false;
        return visit.BREAK;
      },
    });
    if (!isPlain) return { cannot: 'it has anchors, aliases or tags' };
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null))
      return { root: undefined };
    if (!isMap(contents) || contents.flow === true)
      return { cannot: 'it is not a mapping with one key a line' };
    return { root: contents };
  } catch {
    // It is nested too deeply for the parser.
    return { cannot: 'it is not YAML that is understood' };
  }
}

function startOf(node: YAMLMap): number {
  return node.range?.[0] ?? 0;
}

/** The text before a position on its line, if it consists of spaces. */
function columnOf(text: string, at: number): string | undefined {
  const before = shifted(text).slice(0, at);
  return /(?:^|\n)( *)$/.exec(before)?.[1];
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function markOf(text: string): string {
  return text.startsWith('\uFEFF') ? '\uFEFF' : '';
}

/** The text without a byte order mark, from which the parser counts positions. */
function shifted(text: string): string {
  return text.slice(markOf(text).length);
}

/** The parser gives some objects a prototype and others none. The copy has the same for all. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
