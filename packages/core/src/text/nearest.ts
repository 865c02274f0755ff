import { quote } from './printable.ts';

/** Longest text that is compared: no id or key is longer. */
const MAX_COMPARED = 64;

/** ` (did you mean "x"?)` where one of `known` is a likely spelling of `text`, else nothing. */
export function didYouMean(text: string, known: readonly string[]): string {
  const found = nearest(text, known);
  return found === undefined ? '' : ` (did you mean ${quote(found)}?)`;
}

/** The word of `known` that differs from `text` in the fewest letters, where these are few enough for a slip. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  if (text.length > MAX_COMPARED) return undefined;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(text.length / 3)) + 1;
  for (const word of known) {
    const steps = distance(text.toLowerCase(), word.toLowerCase());
    if (steps < least) [best, least] = [word, steps];
  }
  return best;
}

/** Levenshtein distance. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
