const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const LIST = 0x5b;
const OBJECT = 0x7b;

/**
 * Whether a JSON document may have more than `most` values, objects and lists counted. The time to parse it grows with their number,
 * and two bytes are enough for a value. It counts the characters between values, so it also works on invalid JSON.
 */
export function hasMoreValues(bytes: Buffer, most: number): boolean {
  // A value takes at least one byte, so nearly every package.json ends here.
  if (bytes.length <= most) return false;
  let values = 1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === COMMA || byte === LIST || byte === OBJECT) {
      // The bracket counts the first value of a list, and each comma counts the next one.
      values += 1;
      if (values > most) return true;
    }
  }
  return false;
}

/** Index of the quote that closes the string at `start`. */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = start + 1; end < bytes.length; end += 1) {
    if (bytes[end] === QUOTE) return end;
    if (bytes[end] === BACKSLASH) end += 1;
  }
  return bytes.length;
}
