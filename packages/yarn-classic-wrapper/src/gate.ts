/* Streams that hold all bytes until they are accepted, and then pass on the same bytes. */
import { rmSync, writeFileSync } from 'node:fs';
import { Duplex, Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface GateOptions<Opened> {
  readonly bytesMax: number;
  /** Called if there are more bytes. Does not return. */
  readonly tooLarge: () => never;
  /** Called with all bytes at the end. Returns a stream with the tar, or a stream that takes it. An error makes this stream fail. */
  readonly open: (bytes: Buffer) => Promise<Opened>;
}

/** A stream that takes a tarball and returns its tar. */
export type TarballGate = Duplex & {
  /** Files to write the bytes to after they are accepted. */
  readonly files: string[];
};

export function tarballGate({ open, ...limits }: GateOptions<NodeJS.ReadableStream>): TarballGate {
  const gate = Duplex.from(async function* (chunks: AsyncIterable<Buffer>) {
    const opened = await open(await allBytes(chunks, limits));
    // Yarn's own decoder is a stream of an old library, which cannot be iterated.
    yield* opened instanceof Readable ? opened : new Readable().wrap(opened);
  });
  return Object.assign(gate, { files: [] });
}

/** A stream that takes a tar, and ends when it is unpacked. */
export function gitTarGate({
  open,
  ...limits
}: GateOptions<NodeJS.WritableStream>): NodeJS.WritableStream {
  return Duplex.from(async (chunks: AsyncIterable<Buffer>) => {
    const bytes = await allBytes(chunks, limits);
    await pipeline([bytes], (await open(bytes)) as Writable);
  });
}

async function allBytes(
  chunks: AsyncIterable<Buffer>,
  { bytesMax, tooLarge }: Pick<GateOptions<unknown>, 'bytesMax' | 'tooLarge'>,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > bytesMax) tooLarge();
    pieces.push(chunk);
  }
  return Buffer.concat(pieces, length);
}

/** Writes a new file. If there is a link in its place, replaces the link and does not follow it. */
export function writeAnew(file: string, bytes: Buffer): void {
  rmSync(file, { force: true });
  writeFileSync(file, bytes, { flag: 'wx' });
}
