/* Streams that are read to their end or not at all. Loads nothing: guards have it in their start-up. */

export interface AtMost {
  readonly bytesMax: number;
  /** The error for a stream that is longer. */
  readonly tooLong: () => Error;
  /** Waited for with each piece, after its bytes were added up. */
  readonly onPiece?: (bytes: number, piece: Buffer) => Promise<void> | undefined;
}

/** All pieces of a stream. @throws What `tooLong` gives, before more than `bytesMax` bytes are kept; and what the stream throws. */
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
  return Buffer.concat(kept, bytes);
}
