/*
 * Control characters, line separators and byte order marks. Python reads several files of a package by `str.splitlines`, which
 * ends a line at ten characters, and strips more than other languages: two readers find different lines where one of these is.
 */
// oxlint-disable-next-line no-control-regex -- these are the characters to find
const STRAY = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;

/** What is wrong with a text that has another control character than tab, CR and LF, in words; undefined where it has none. */
export function strayCharacter(text: string): string | undefined {
  const [found] = STRAY.exec(text) ?? [];
  if (found === undefined) return undefined;
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `it has the character U+${code}, at which some readers end a line`;
}
