/*
 * Limits the bodies that a package manager reads itself, in this process, before a guard sees them. Node announces each response on
 * a diagnostics channel before the client reads it. A body that declares too many bytes is not read, and a longer body is cut off.
 * The connection is closed too, because some clients keep reading although the body reports an error.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createInflateRaw, createUnzip } from 'node:zlib';
import { TooLargeError } from './too-large.ts';

/** The most bytes that the answer to a request may have; undefined for requests that this module leaves alone. */
export type BytesMaxOf = (request: ClientRequest) => number | undefined;

interface Answer {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
}

/** Deflate can decode one byte to at most this many. */
const MAX_DEFLATE_RATIO = 1032;

/** Answers with these statuses have no body, even if they declare a length. */
const BODILESS = new Set([204, 304]);

/** Limits the answer to every request for which `bytesMaxOf` returns a limit. It does not change their bytes. */
export function limitBodies(bytesMaxOf: BytesMaxOf): void {
  subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as Answer;
    const bytesMax = bytesMaxOf(request);
    if (bytesMax === undefined || request.method === 'HEAD') return;
    if (!BODILESS.has(response.statusCode ?? 0)) limitBody(response, bytesMax);
  });
}

/** Limits the body of one answer that has not been read yet. */
export function limitBody(response: IncomingMessage, bytesMax: number): void {
  const { headers } = response;
  let decoder: Transform | undefined;
  let stopped = false;
  const stop = (error: TooLargeError): void => {
    if (stopped) return;
    stopped = true;
    decoder?.destroy();
    (response.socket ?? response).destroy(error);
    // Some clients report an error only when the body ends.
    setImmediate(() => response.destroy());
  };
  const announced = Number(headers['content-length'] ?? 0);
  if (announced > bytesMax) {
    // The client gets the answer next. Wait until it listens for errors of the body.
    setImmediate(() => stop(TooLargeError.announced(announced, bytesMax)));
    return;
  }
  const counter = (): ((bytes: number) => void) => {
    let size = 0;
    return (bytes) => {
      size += bytes;
      if (size > bytesMax) stop(TooLargeError.read(bytesMax));
    };
  };
  const countReceived = counter();
  // A `data` listener would start the flow before the client listens.
  const push = response.push.bind(response);
  let give = (piece: Uint8Array | null, encoding?: BufferEncoding): boolean =>
    !stopped && push(piece, encoding);
  let hasBegun = false;
  response.push = (piece: Uint8Array | null, encoding) => {
    if (piece !== null) countReceived(piece.length);
    if (piece !== null && !hasBegun) {
      hasBegun = true;
      decoder = decoderOf(headers['content-encoding'], piece);
      if (decoder !== undefined) give = decodedFirst(decoder, give, counter());
    }
    return give(piece, encoding);
  };
}

type Give = (piece: Uint8Array | null) => boolean;

/**
 * Passes on each piece of a body after a decoder has decoded it. When the decoder fails or ends, passes on the rest directly.
 *
 * @param count Called with the number of decoded bytes.
 */
function decodedFirst(decoder: Transform, give: Give, count: (bytes: number) => void): Give {
  const heldPieces: (Uint8Array | null)[] = [];
  let decodes = true;
  let ended = false;
  // Some clients also decode bytes after the end and a zero byte, so count the most bytes that these can become.
  const countRest = (piece: Uint8Array | null): void =>
    count((piece?.length ?? 0) * MAX_DEFLATE_RATIO);
  decoder.on('data', (piece: Uint8Array) => count(piece.length));
  decoder.on('end', () => {
    ended = true;
    heldPieces.slice(1).forEach(countRest);
  });
  const passNext = (): void => {
    const [piece] = heldPieces.splice(0, 1);
    if (piece !== undefined) give(piece);
  };
  // The client fails on the same bytes, and the decoder does not call back for them. Pass on all pieces that wait.
  const passAll = (): void => {
    decodes = false;
    while (heldPieces.length > 0) passNext();
  };
  decoder.on('error', passAll).on('end', passAll).on('close', passAll);
  return (piece) => {
    if (ended) countRest(piece);
    if (!decodes) return give(piece);
    heldPieces.push(piece);
    if (piece === null) decoder.end();
    else decoder.write(piece, () => passNext());
    return false;
  };
}

/** The decoder that a client uses. Some choose it by the header, others (got, in Yarn) by the first bytes, as here. */
function decoderOf(encoding: string | undefined, firstPiece: Uint8Array): Transform | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
    case 'x-deflate':
      return isRaw(firstPiece[0] ?? 0) ? createInflateRaw() : createUnzip();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

/** Whether a compressed body begins neither as gzip nor as zlib: some servers send deflate without the zlib header. */
function isRaw(firstByte: number): boolean {
  return firstByte !== 0x1f && (firstByte & 0x0f) !== 8;
}
