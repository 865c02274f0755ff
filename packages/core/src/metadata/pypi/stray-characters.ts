/*
 * Control characters, line separators and byte order marks. Python reads several files of a package with `str.splitlines`, which ends
 * a line at ten different characters, and strips more than other languages. So two readers may find different lines.
 */
// oxlint-disable-next-line no-control-regex -- these are the characters to find
const STRAY = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;

/** The first control character of a text other than tab, CR and LF, in words. Undefined if there is none. */
export function strayCharacter(text: string): string | undefined {
  const [character] = STRAY.exec(text) ?? [];
  if (character === undefined) return undefined;
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `it has the character U+${code}, at which some readers end a line`;
}
