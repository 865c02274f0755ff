import { createHash } from 'node:crypto';
import { MAX_INDEXED_CHARS } from '../limits.ts';

/** The texts sorted, each once. A long list becomes its digest, which is equal for equal lists. */
export function boundedList(texts: Iterable<string>): readonly string[] {
  const sorted = [...new Set(texts)].sort();
  const chars = sorted.reduce((sum, text) => sum + text.length, 0);
  if (chars <= MAX_INDEXED_CHARS) return sorted;
  const digest = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
  return [`${sorted.length} entries with the digest ${digest}`];
}

/** A text of any length, or its digest. */
export function boundedText(text: string): string {
  return boundedList([text])[0]!;
}
