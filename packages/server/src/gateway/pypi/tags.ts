/* The links of a page of HTML. Each character is looked at a fixed number of times, whatever the page is. */

export interface Tag {
  /** In lower case. */
  readonly name: string;
  /** By name in lower case, decoded. The first one of a name counts. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Characters of a tag; a longer one is passed over. */
const TAG_CHARS_MAX = 16 * 1024;
/** Those that lead somewhere. */
const LINKS: ReadonlySet<string> = new Set(['a', 'base']);
/** Elements whose content is text. */
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

/** Where a tag ends: not within quotes. */
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
    if (name !== '' && !found.has(name)) found.set(name, decoded(value));
  }
  return found;
}

function skip(text: string, characters: RegExp, from: number): number {
  characters.lastIndex = from;
  return characters.test(text) ? characters.lastIndex : from;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"',
};

/** Entities that indexes use. An unknown name stays as it is, as it does for Python. */
function decoded(value: string): string {
  return value.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(amp|apos|gt|lt|quot));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()]!;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
