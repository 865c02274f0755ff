/*
 * The room that a text needs. A reader's system chooses the font, so the pictures leave room for the widest font that is common:
 * DejaVu Sans, or Verdana, which is as wide.
 */

/** Widths of the characters from space to tilde, in hundredths of the font's size. */
const REGULAR: readonly number[] = [
  32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79,
  61, 79, 70, 64, 62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36, 64,
  64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];
const BOLD: readonly number[] = [
  35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70,
  70, 70, 40, 40, 84, 84, 84, 59, 100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 38, 78, 64, 100, 84, 86,
  74, 86, 78, 73, 69, 82, 78, 111, 78, 73, 73, 46, 37, 46, 84, 50, 50, 68, 72, 60, 72, 68, 44, 72,
  72, 35, 35, 67, 35, 105, 72, 69, 72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 37, 72, 84,
];
const FIRST = 32;

/** DejaVu Sans Mono. Other monospaced fonts are as wide, or narrower. */
const MONO = 60.3;
/** Other characters, such as an arrow or an ellipsis. */
const WIDEST = 100;

/** A style of text, by the names of its classes. */
export interface TextStyle {
  readonly classes: string;
  /** Pixels. */
  readonly size?: number;
}

/** The most pixels that a line of text takes. */
export function textWidth(words: string, { classes, size = 13 }: TextStyle): number {
  const names = classes.split(' ');
  const widths = names.includes('strong') ? BOLD : REGULAR;
  const isMono = names.includes('mono') || names.includes('row');
  let sum = 0;
  for (const character of words) {
    const known = widths[(character.codePointAt(0) ?? 0) - FIRST] ?? WIDEST;
    sum += isMono ? MONO : known;
  }
  return (sum * size) / 100;
}
