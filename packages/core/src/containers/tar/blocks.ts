const ZEROS = Buffer.alloc(64 * 1024);

/** Whether `bytes[start, end)` holds only NUL. */
export function isZero(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += ZEROS.length) {
    const stop = Math.min(end, at + ZEROS.length);
    if (bytes.compare(ZEROS, 0, stop - at, at, stop) !== 0) return false;
  }
  return true;
}
