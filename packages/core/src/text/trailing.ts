/** Removes all occurrences of `ending` at the end. A regular expression would take quadratic time for long runs elsewhere. */
export function withoutTrailing(text: string, ending: string): string {
  let end = text.length;
  while (ending !== '' && text.endsWith(ending, end) && end > 0) end -= ending.length;
  return text.slice(0, end);
}
