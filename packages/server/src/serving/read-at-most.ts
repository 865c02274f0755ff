/* Reads streams to their end or not at all. It imports nothing, because guards load it at start-up. */

/** The most bytes that are copied at once. */
const STEP = 2 * 1024 * 1024;

export interface AtMost {
  readonly bytesMax: number;
  /** Makes the error for a stream that is too long. */
  readonly tooLong: () => Error;
  /** Called with each piece after its bytes were counted. Reading waits for it. */
  readonly onPiece?: (bytes: number, piece: Buffer) => Promise<void> | undefined;
}

/** All pieces of a stream. @throws the error of `tooLong` before more than `bytesMax` bytes are kept, and the errors of the stream. */
export async function readAtMost(
  pieces: AsyncIterable<Buffer>,
  { bytesMax, tooLong, onPiece }: AtMost,
): Promise<Buffer> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > bytesMax) throw tooLong();
    await onPiece?.(bytes, piece);
    kept.push(piece);
  }
  return bytes > STEP ? joined(kept, bytes) : Buffer.concat(kept, bytes);
}

/** Joins pieces in steps, because a copy of 100 MB would stop everything else in the process. */
async function joined(pieces: readonly Buffer[], bytes: number): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(bytes);
  let copied = 0;
  let next = STEP;
  for (const piece of pieces) {
    whole.set(piece, copied);
    copied += piece.length;
    if (copied < next) continue;
    next = copied + STEP;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return whole;
}
