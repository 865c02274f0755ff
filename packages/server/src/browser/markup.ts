/*
 * The only way to write HTML in this package. A {@link Markup} comes from the template function `markup`: the parts of a template are
 * written by us, and each value in it becomes text.
 */
import { escapedHtml, printable } from '@tarwarden/core/text';

let markupWith: (html: string) => Markup;

/** HTML or SVG that a page contains unchanged. No other module can make one, except with {@link markup} and {@link plainText}. */
export class Markup {
  readonly #html: string;

  private constructor(html: string) {
    this.#html = html;
  }

  static {
    markupWith = (html) => new Markup(html);
  }

  get text(): string {
    return this.#html;
  }
}

export type Content = string | number | Markup | readonly Content[];

/** The most characters of one text. A reader of the page needs less of a name. */
const CHARS_MAX = 500;

/**
 * Makes HTML or SVG. Each value becomes text, with control and bidirectional characters as visible escapes, in content and in quoted
 * attributes. Do not put a value into a tag outside of quotes, or into an attribute that a browser runs or loads.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return markupWith(
    parts.map((part, at) => part + (at < values.length ? htmlOf(values[at]!) : '')).join(''),
  );
}

/** A text that may be longer than other texts on a page. */
export function plainText(text: string, charsMax: number): Markup {
  return markupWith(escapedHtml(printable(text, charsMax)).replaceAll("'", '&#39;'));
}

function htmlOf(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(htmlOf).join('\n');
  return plainText(String(content), CHARS_MAX).text;
}

export const NOTHING: Markup = markup``;
