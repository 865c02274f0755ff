import { MAX_COMPONENT_BYTES } from '../limits.ts';
import { withoutTrailing } from '../text/trailing.ts';
import { Trait } from './entry.ts';

const SLASH = 0x2f;
const DOT = 0x2e;
const SPACE = 0x20;

/** The trait that each unusual byte gives to a path. `/` has a mark of its own, at which the scan stops. */
const CLASS = new Int32Array(256);
const SEPARATOR = 1 << 30;
for (let byte = 0; byte < 256; byte++) {
  if (byte === 0) CLASS[byte] = Trait.Nul;
  else if (byte < 0x20 || byte === 0x7f) CLASS[byte] = Trait.Control;
  else if (byte >= 0x80) CLASS[byte] = Trait.NonAscii;
  else if (byte >= 0x41 && byte <= 0x5a) CLASS[byte] = Trait.UpperCase;
}
for (const character of '<>"|?*') CLASS[character.charCodeAt(0)] = Trait.WindowsCharacter;
CLASS[SLASH] = SEPARATOR;
CLASS[0x5c] = Trait.Backslash;
CLASS[0x3a] = Trait.Colon;
CLASS[0x7e] = Trait.TrustedName;

// Device names of Windows, with or without an extension. Superscript digits count as digits there.
const RESERVED =
  /^(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$|clock\$)$/i;

/** Whether Windows treats a path component as a device, whatever its extension. */
export function isWindowsReserved(component: string): boolean {
  const base = withoutTrailing(component.replace(/[.:].*$/s, ''), ' ');
  return RESERVED.test(base);
}

/** The first three letters of every reserved name, as one number. */
const RESERVED_STARTS = new Set(
  ['con', 'prn', 'aux', 'nul', 'com', 'lpt', 'clo'].map((start) => threeOf(Buffer.from(start), 0)),
);

// In letters, one bit makes lower case. No other byte becomes a letter by that bit.
function threeOf(bytes: Buffer, at: number): number {
  return ((bytes[at]! | 0x20) << 16) | ((bytes[at + 1]! | 0x20) << 8) | (bytes[at + 2]! | 0x20);
}

/**
 * Traits of the path in `bytes[start, end)`, in one pass and without making a string. The caller gives the limits on length and
 * depth, which belong to the policy.
 */
export function pathTraits(
  bytes: Buffer,
  start: number,
  end: number,
  caps: { pathBytes: number; depth: number },
): number {
  if (start >= end) return Trait.Empty;
  let traits = 0;
  let components = 0;
  let from = start;
  if (bytes[start] === SLASH) traits |= Trait.LeadingSlash;
  for (let at = start; at <= end; at++) {
    const kind = at === end ? SEPARATOR : CLASS[bytes[at]!]!;
    if (kind === 0) continue;
    if (kind !== SEPARATOR) {
      traits |= kind;
      continue;
    }
    const length = at - from;
    if (length === 0) {
      // A leading slash has its own trait. The reader has left out the slash that ends the path of a directory.
      if (at !== start) traits |= Trait.EmptyComponent;
    } else {
      components++;
      const first = bytes[from]!;
      const last = bytes[at - 1]!;
      if (first === DOT) {
        if (length === 1) traits |= Trait.Dot;
        else if (length === 2 && last === DOT) traits |= Trait.DotDot;
        else traits |= Trait.TrustedName;
      }
      if ((last === DOT && !(first === DOT && length <= 2)) || last === SPACE) {
        traits |= Trait.TrailingDotOrSpace;
      }
      if (length > MAX_COMPONENT_BYTES) traits |= Trait.LongComponent;
      if (
        (traits & Trait.ReservedName) === 0 &&
        length >= 3 &&
        RESERVED_STARTS.has(threeOf(bytes, from))
      ) {
        const base = baseLength(bytes, from, at);
        if (
          base >= 3 &&
          base <= 7 &&
          isWindowsReserved(bytes.toString('utf8', from, from + base))
        ) {
          traits |= Trait.ReservedName;
        }
      }
    }
    from = at + 1;
  }
  if (end - start > caps.pathBytes) traits |= Trait.LongPath;
  if (components > caps.depth) traits |= Trait.Deep;
  return traits;
}

/** Bytes before the first dot, colon or space. Counting stops at eight, since reserved names have at most seven. */
function baseLength(bytes: Buffer, from: number, to: number): number {
  const stop = Math.min(to, from + 8);
  for (let at = from; at < stop; at++) {
    const byte = bytes[at]!;
    if (byte === DOT || byte === SPACE || byte === 0x3a) return at - from;
  }
  return stop - from;
}
