/** A key of a JSON object that appears more than once, with another value than the first time. */
export interface DuplicateKey {
  /** The top-level key whose object it is in; absent where it is a top-level key itself. */
  readonly within?: string;
  readonly key: string;
  /** The two values, as they are spelled. */
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
 * Lists keys of a document's top-level object, and of the objects that these keys hold, which appear twice with different
 * values. `text` is one that `JSON.parse` takes. One pass without recursion; a generator, so that who has seen enough
 * stops it. Values are compared as they are spelled.
 */
export function* duplicateKeys(text: string, compared: Compared): Generator<DuplicateKey> {
  const levels: Level[] = [];
  let depth = 0;
  // In an object, a string is a key up to the colon.
  let wantsKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Deeper, or in a list, nothing but the ends of strings and values counts.
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
      // An empty object, whose first key is still waited for, has no value that ends here.
      if (level !== undefined && !wantsKey) {
        const within = depth === 2 ? levels[0]!.key : undefined;
        const found = compared(level.key, within) ? compare(level, text, at) : undefined;
        if (found !== undefined) yield within === undefined ? found : { ...found, within };
      }
      wantsKey = code === COMMA && level !== undefined;
      if (code === COMMA) continue;
      if (level !== undefined) levels.pop();
      depth -= 1;
    }
  }
}

/** Notes the value that ends at `end`; gives it beside the first one of its key where they differ. */
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
