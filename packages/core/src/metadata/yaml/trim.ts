/** Without the spaces at its end. An expression for that takes a time that is quadratic in a run of spaces elsewhere. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === ' ') end -= 1;
  return text.slice(0, end);
}
