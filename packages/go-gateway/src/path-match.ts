/* path.Match of Go (path/match.go), step by step: where a slash is involved, a shorter way of writing it decides otherwise. */

/** The rest of the text after the match. Undefined if the text does not match. */
type Rest = readonly string[] | undefined;

class BadPatternError extends Error {
  readonly code = 'BAD_PATTERN';
}

/** Whether all of `text` matches. A malformed pattern matches nothing, as in go. */
export function matchesGlob(pattern: string, text: string): boolean {
  try {
    return matches(Array.from(pattern), Array.from(text));
  } catch (error) {
    if (error instanceof BadPatternError) return false;
    throw error;
  }
}

function matches(pattern: readonly string[], text: readonly string[]): boolean {
  let name = text;
  let rest = pattern;
  while (rest.length > 0) {
    const { star, chunk, after } = scanChunk(rest);
    rest = after;
    if (star && chunk.length === 0) return !name.includes('/');
    const left = leftOf(chunk, name, { star, isLast: rest.length === 0 });
    if (left === undefined) {
      checkAll(rest);
      return false;
    }
    name = left;
  }
  return name.length === 0;
}

function leftOf(
  chunk: readonly string[],
  name: readonly string[],
  { star, isLast }: { readonly star: boolean; readonly isLast: boolean },
): Rest {
  for (let skipped = 0; skipped <= name.length; skipped++) {
    const left = matchChunk(chunk, name.slice(skipped));
    if (left !== undefined && (left.length === 0 || !isLast)) return left;
    if (!star || name[skipped] === '/') return undefined;
  }
  return undefined;
}

function checkAll(pattern: readonly string[]): void {
  let rest = pattern;
  while (rest.length > 0) {
    const { chunk, after } = scanChunk(rest);
    matchChunk(chunk, []);
    rest = after;
  }
}

/** The part up to the next star, and whether one is before it. */
function scanChunk(pattern: readonly string[]): {
  readonly star: boolean;
  readonly chunk: readonly string[];
  readonly after: readonly string[];
} {
  let start = 0;
  while (pattern[start] === '*') start++;
  let inRange = false;
  let at = start;
  for (; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '\\') at += at + 1 < pattern.length ? 1 : 0;
    else if (character === '[') inRange = true;
    else if (character === ']') inRange = false;
    else if (character === '*' && !inRange) break;
  }
  return { star: start > 0, chunk: pattern.slice(start, at), after: pattern.slice(at) };
}

/** @throws BadPatternError also where the text has failed to match before. */
function matchChunk(chunk: readonly string[], text: readonly string[]): Rest {
  let failed = false;
  let position = 0;
  for (let at = 0; at < chunk.length; position++) {
    const character = text[position];
    failed ||= character === undefined;
    if (chunk[at] === '[') {
      const { next, isIn } = matchClass(chunk, at + 1, character);
      failed ||= !isIn;
      at = next;
    } else if (chunk[at] === '?') {
      failed ||= character === '/';
      at++;
    } else {
      if (chunk[at] === '\\') at++;
      if (at >= chunk.length) throw new BadPatternError();
      failed ||= chunk[at] !== character;
      at++;
    }
  }
  return failed ? undefined : text.slice(position);
}

function matchClass(
  chunk: readonly string[],
  start: number,
  character: string | undefined,
): { readonly next: number; readonly isIn: boolean } {
  const isNegated = chunk[start] === '^';
  let at = isNegated ? start + 1 : start;
  let isIn = false;
  const code = character?.codePointAt(0) ?? 0;
  const nextChar = (): number => {
    if (chunk[at] === '-' || chunk[at] === ']') throw new BadPatternError();
    if (chunk[at] === '\\') at++;
    const found = chunk[at++];
    // A class goes on until its bracket.
    if (found === undefined || at >= chunk.length) throw new BadPatternError();
    return found.codePointAt(0)!;
  };
  for (let ranges = 0; ranges === 0 || chunk[at] !== ']'; ranges++) {
    const low = nextChar();
    let high = low;
    if (chunk[at] === '-') {
      at++;
      high = nextChar();
    }
    isIn ||= low <= code && code <= high;
  }
  return { next: at + 1, isIn: isIn !== isNegated };
}
