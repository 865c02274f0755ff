import { escapedHtml, printable } from '@tarwarden/core/text';

/** Text that a page contains unchanged. Only {@link markup} makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = string | number | Markup | readonly Content[];

/** The most characters of one text. A reader of the page needs less of a name. */
const CHARS_MAX = 500;

/** Makes HTML or SVG. Each value becomes text, with control and bidirectional characters as visible escapes, in content and in quoted attributes. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(
    parts.map((part, at) => part + (at < values.length ? textOf(values[at]!) : '')).join(''),
  );
}

function textOf(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('\n');
  return escapedHtml(printable(String(content), CHARS_MAX)).replaceAll("'", '&#39;');
}

export const NOTHING: Markup = new Markup('');
