/** A key of a JSON object that appears again with another value. */
export interface DuplicateKey {
  /** The top-level key whose object contains it. Absent if it is a top-level key itself. */
  readonly within?: string;
  readonly key: string;
  /** The two values, as the document spells them. */
  readonly first: string;
  readonly other: string;
}

/** An object whose keys are compared. */
interface Level {
  readonly values: Map<string, string>;
  key: string;
  start: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Whether a key is compared. `within`: as in {@link DuplicateKey}. */
export type Compared = (key: string, within: string | undefined) => boolean;

/**
 * Lists keys that appear twice with different values, in the top-level object of a document and in the objects directly below it.
 * `text` is one that `JSON.parse` accepts, and values are compared as they are spelled. It makes one pass without recursion, and is a
 * generator, so that the caller can stop early.
 */
export function* duplicateKeys(text: string, compared: Compared): Generator<DuplicateKey> {
  const levels: Level[] = [];
  let depth = 0;
  // In an object, a string before a colon is a key.
  let wantsKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Deeper inside, or in a list, only the ends of strings and values matter.
    const level = levels.length === depth ? levels.at(-1) : undefined;
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (wantsKey && level !== undefined) level.key = keyAt(text, at, end);
      wantsKey = false;
      at = end;
    } else if (code === COLON) {
      if (level !== undefined) level.start = at + 1;
    } else if (code === 0x7b || code === 0x5b) {
      wantsKey = code === 0x7b && depth < 2 && levels.length === depth;
      if (wantsKey) levels.push({ values: new Map(), key: '', start: 0 });
      depth += 1;
    } else if (code === COMMA || code === 0x7d || code === 0x5d) {
      // In an empty object, no value ends here.
      if (level !== undefined && !wantsKey) {
        const within = depth === 2 ? levels[0]!.key : undefined;
        const duplicate = compared(level.key, within) ? compare(level, text, at) : undefined;
        if (duplicate !== undefined)
          yield within === undefined ? duplicate : { ...duplicate, within };
      }
      wantsKey = code === COMMA && level !== undefined;
      if (code === COMMA) continue;
      if (level !== undefined) levels.pop();
      depth -= 1;
    }
  }
}

/** Remembers the value that ends at `end`. If it differs from the first value of its key, returns both. */
function compare(
  { values, key, start }: Level,
  text: string,
  end: number,
): DuplicateKey | undefined {
  const other = text.slice(start, end).trim();
  const first = values.get(key);
  if (first === undefined) values.set(key, other);
  return first === undefined || first === other ? undefined : { key, first, other };
}

function keyAt(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}

/** Index of the quote that closes the string at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = start + 1; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === QUOTE) return end;
    if (code === BACKSLASH) end += 1;
  }
  return text.length;
}
