/** Without what it ends in, however often. An expression for that takes a time that is quadratic in a run of it elsewhere. */
export function withoutTrailing(text: string, what: string): string {
  let end = text.length;
  while (what !== '' && text.endsWith(what, end) && end > 0) end -= what.length;
  return text.slice(0, end);
}
