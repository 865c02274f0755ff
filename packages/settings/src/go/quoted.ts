/**
 * Words as cmd/internal/quoted of go splits them: quotes count at the beginning of a word, and nothing in them is escaped.
 * Undefined where one is not closed.
 */
export function splitQuoted(text: string): string[] | undefined {
  const words: string[] = [];
  let rest = text;
  for (;;) {
    rest = rest.replace(/^[ \t\n\r]+/, '');
    if (rest === '') return words;
    const [quote = ''] = rest;
    if (quote === '"' || quote === "'") {
      const end = rest.indexOf(quote, 1);
      if (end < 0) return undefined;
      words.push(rest.slice(1, end));
      rest = rest.slice(end + 1);
    } else {
      const [word = ''] = /^[^ \t\n\r]+/.exec(rest) ?? [];
      words.push(word);
      rest = rest.slice(word.length);
    }
  }
}
