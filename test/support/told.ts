import { TarReader } from '../../packages/core/src/containers/tar/reader.ts';
import { DEFAULT_LIMITS } from '../../packages/core/src/limits.ts';

/** Everything that a tar reader tells of the pieces, contents joined. */
export function told(pieces: Iterable<Buffer>): unknown[] {
  const events: unknown[] = [];
  const bodies = new Map<number, Buffer[]>();
  const reader = new TarReader(
    {
      entry(entry) {
        events.push({ ...entry });
        bodies.set(entry.index, []);
        return true;
      },
      // The memory under a piece is the reader's caller's, so it is copied here.
      body: (entry, piece) => void bodies.get(entry.index)?.push(Buffer.from(piece)),
      anomaly: (anomaly) => void events.push({ ...anomaly }),
    },
    DEFAULT_LIMITS,
  );
  for (const piece of pieces) {
    const copy = Buffer.from(piece);
    reader.push(copy);
    copy.fill(0xee);
  }
  reader.end();
  const contents = [...bodies].map(([index, list]) => [index, Buffer.concat(list).toString('hex')]);
  return [...events, contents, reader.entries, reader.stopped];
}

/** The bytes in pieces of these lengths, over and over. */
export function* cut(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
