/** A text without the characters at both ends that a client takes for white space. */
export function strip(text: string, isSpace: (character: string) => boolean): string {
  return text.slice(leadingSpace(text, isSpace), text.length - trailingSpace(text, isSpace));
}

export function leadingSpace(text: string, isSpace: (character: string) => boolean): number {
  let count = 0;
  while (count < text.length && isSpace(text[count]!)) count++;
  return count;
}

/** Counted by hand: a pattern that ends with `\s+$` starts again at each space of a long line. */
export function trailingSpace(text: string, isSpace: (character: string) => boolean): number {
  let count = 0;
  while (count < text.length && isSpace(text[text.length - 1 - count]!)) count++;
  return count;
}
