/* Packs and unpacks short documents at once: handing them to a thread of Node's takes longer than the work itself. */
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';
import { gunzipped } from '@tarwarden/guard';

/** The most bytes of a short document, and of a packed one. Packing takes up to some 0.3 ms. */
const SHORT = 128 * 1024;
const SHORT_PACKED = 32 * 1024;

const pack = promisify(gzip);
const unpack = promisify(gunzip);
const FAST = { level: constants.Z_BEST_SPEED } as const;

export async function packed(plain: Buffer): Promise<Buffer> {
  return plain.length <= SHORT ? gzipSync(plain, FAST) : pack(plain, FAST);
}

/** @throws Error for more than `bytesMax` bytes. */
export async function unpacked(content: Buffer, bytesMax: number): Promise<Buffer> {
  const limit = { maxOutputLength: Math.max(bytesMax, 1) };
  return bytesMax <= SHORT ? gunzipSync(content, limit) : unpack(content, limit);
}

/** The unpacked pieces of a body: a single one if it is short. @throws Error if the body is no gzip or breaks off. */
export async function unpackedPieces(body: Readable): Promise<AsyncIterable<Buffer>> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > SHORT_PACKED) return gunzipped(Readable.from(allOf(pieces, body)));
  }
  const content = Buffer.concat(pieces, bytes);
  try {
    return Readable.from([gunzipSync(content, { maxOutputLength: SHORT })]);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    return gunzipped(Readable.from([content]));
  }
}

async function* allOf(pieces: readonly Buffer[], body: Readable): AsyncGenerator<Buffer> {
  yield* pieces;
  yield* body as AsyncIterable<Buffer>;
}
