import { quote } from './printable.ts';

/** The longest text that is compared. All ids and keys are shorter. */
const MAX_COMPARED = 64;

/** ` (did you mean "x"?)` if `text` is a likely misspelling of one of `knownWords`, else an empty text. */
export function didYouMean(text: string, knownWords: readonly string[]): string {
  const nearestWord = nearest(text, knownWords);
  return nearestWord === undefined ? '' : ` (did you mean ${quote(nearestWord)}?)`;
}

/** The word of `knownWords` that differs from `text` in the fewest letters. Undefined if too many letters differ for a slip. */
export function nearest(text: string, knownWords: readonly string[]): string | undefined {
  if (text.length > MAX_COMPARED) return undefined;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(text.length / 3)) + 1;
  for (const word of knownWords) {
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
