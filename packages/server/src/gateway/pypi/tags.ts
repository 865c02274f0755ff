/* Finds the links of an HTML page. Each character is read a fixed number of times, whatever the page contains. */
import { decodedHtml } from '@tarwarden/core/text';

export interface Tag {
  /** In lower case. */
  readonly name: string;
  /** By name in lower case, decoded. The first of several equal names counts. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** The most characters of a tag; a longer one is skipped. */
const TAG_CHARS_MAX = 16 * 1024;
/** Tags with an address. */
const LINKS: ReadonlySet<string> = new Set(['a', 'base']);
/** The content of these tags is text. */
const TEXT_ONLY: ReadonlySet<string> = new Set(['script', 'style', 'textarea', 'title']);

export function* htmlTags(page: string): Generator<Tag> {
  for (let at = page.indexOf('<'); at >= 0; at = page.indexOf('<', at)) {
    if (page.startsWith('<!--', at)) {
      at = behind(page, '-->', at + 4);
      continue;
    }
    const end = endOf(page, at + 1);
    const text = page.slice(at + 1, end);
    at = end;
    const name = /^[a-z][^\s/>]*/i.exec(text)?.[0].toLowerCase();
    if (name === undefined || page[end] !== '>') continue;
    if (LINKS.has(name)) yield { name, attributes: attributesOf(text.slice(name.length)) };
    if (TEXT_ONLY.has(name)) at = closing(page, name, end);
  }
}

/** The end of a tag: a `>` outside quotes. */
function endOf(page: string, start: number): number {
  const last = Math.min(page.length, start + TAG_CHARS_MAX);
  let quote = '';
  let at = start;
  for (; at < last; at += 1) {
    const character = page[at]!;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') break;
  }
  return at;
}

function behind(page: string, text: string, from: number): number {
  const at = page.indexOf(text, from);
  return at < 0 ? page.length : at + text.length;
}

function closing(page: string, name: string, from: number): number {
  const end = new RegExp(`</${name}`, 'gi');
  end.lastIndex = from;
  return end.exec(page)?.index ?? page.length;
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    at = skip(text, /[\s/]*/y, at);
    const from = at;
    at = skip(text, /[^\s/=]*/y, at);
    const name = text.slice(from, at).toLowerCase();
    at = skip(text, /\s*/y, at);
    let value = '';
    if (text[at] === '=') {
      at = skip(text, /\s*/y, at + 1);
      const quote = text[at];
      const isQuoted = quote === '"' || quote === "'";
      const start = isQuoted ? at + 1 : at;
      at = isQuoted ? text.indexOf(quote, start) : skip(text, /\S*/y, start);
      if (at < 0) break;
      value = text.slice(start, at);
      if (isQuoted) at += 1;
    }
    if (name !== '' && !found.has(name)) found.set(name, decodedHtml(value, asItIs));
  }
  return found;
}

function skip(text: string, characters: RegExp, from: number): number {
  characters.lastIndex = from;
  return characters.test(text) ? characters.lastIndex : from;
}

/** Python leaves an unknown reference as it is. */
const asItIs = (reference: string): string => reference;
