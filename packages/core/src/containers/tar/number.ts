/**
 * The content of a numeric header field. `value` is undefined if the field is empty or cannot be read.
 *
 * `octal`: digits, then only NUL and space. `padded`: the same after leading spaces (pre-POSIX writers).
 * `empty`: only NUL and space. `base256`: GNU's binary form. `malformed`: anything else, and also negative values and values past
 * 2^53 - 1, which extractors clamp, wrap or refuse, each in its own way.
 */
export interface NumberField {
  readonly value: number | undefined;
  readonly form: 'octal' | 'padded' | 'empty' | 'base256' | 'malformed';
}

const NUL = 0;
const SPACE = 0x20;
const EMPTY: NumberField = { value: undefined, form: 'empty' };
const MALFORMED: NumberField = { value: undefined, form: 'malformed' };

/**
 * Value of the octal field in `bytes[start, end)` if it has the usual form (digits, then NULs or spaces), else -1. This is the
 * common case, and allocates nothing.
 */
export function plainOctal(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  let at = start;
  for (; at < end; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  if (at === start) return -1;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte !== NUL && byte !== SPACE) return -1;
  }
  return value;
}

/** Reads a numeric field in any of its forms (POSIX ustar octal, GNU base-256). */
export function numberField(bytes: Buffer, start: number, end: number): NumberField {
  const lead = bytes[start]!;
  if ((lead & 0x80) !== 0) return base256(bytes, start, end);
  let at = start;
  while (at < end && bytes[at] === SPACE) at++;
  if (at === end) return EMPTY;
  const value = plainOctal(bytes, at, end);
  if (value >= 0) return { value, form: at === start ? 'octal' : 'padded' };
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte !== NUL && byte !== SPACE) return MALFORMED;
  }
  return EMPTY;
}

// After a first byte 0x80, the other bytes are a big-endian number. After 0xff they are in two's complement, so negative.
function base256(bytes: Buffer, start: number, end: number): NumberField {
  if (bytes[start] !== 0x80) return MALFORMED;
  let value = 0;
  for (let at = start + 1; at < end; at++) {
    value = value * 256 + bytes[at]!;
    if (value > Number.MAX_SAFE_INTEGER) return MALFORMED;
  }
  return { value, form: 'base256' };
}
