import zlib from 'node:zlib';

/** The result of an inflation. */
export interface Inflated {
  /**
   * `end`: the deflate stream is complete. `short`: the input ended first. `corrupt`: invalid data. `stopped`: the taker wanted no
   * more. `oversized`: there was more output than allowed, and the taker received none of it.
   */
  readonly outcome: 'end' | 'short' | 'corrupt' | 'stopped' | 'oversized';
  /** Bytes of input used. After `corrupt`: as far as the decoder came. */
  readonly consumed: number;
}

/** Takes a piece of output, which is valid only during the call. Returns `false` to stop the inflation. */
export type Taker = (piece: Buffer, consumed: number) => boolean;

/**
 * Output comes in pieces of at most this many bytes. A piece stays in the processor's cache while the reader walks it, and no
 * archive can make us allocate more.
 */
const PIECE_BYTES = 256 * 1024;

// This part of zlib's native binding exists in every Node since 10, and node-tar's minizlib uses it as well. It inflates into our
// own buffer, without an allocation or a copy.
interface Handle {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void;
  reset(): void;
  onerror: (message: string, errno: number, code: string) => void;
}

interface Engine {
  readonly handle: Handle;
  /** [output left, input left] after a write. */
  readonly state: Uint32Array;
  readonly output: Buffer;
  failed: boolean;
}

export interface InflateOptions {
  readonly maxBytes: number;
  readonly pieceBytes?: number | undefined;
  readonly nextPiece?: (() => Buffer | undefined) | undefined;
}

let engine: Engine | undefined;

function makeEngine(): Engine | undefined {
  const stream = zlib.createInflateRaw() as unknown as {
    _handle?: Handle;
    _writeState?: Uint32Array;
  };
  const handle = stream._handle;
  const state = stream._writeState;
  if (typeof handle?.writeSync !== 'function' || typeof handle.reset !== 'function')
    return undefined;
  if (!(state instanceof Uint32Array) || state.length < 2) return undefined;
  const newEngine: Engine = {
    handle,
    state,
    output: Buffer.allocUnsafeSlow(PIECE_BYTES),
    failed: false,
  };
  handle.onerror = () => {
    newEngine.failed = true;
  };
  return newEngine;
}

/**
 * Inflates the raw deflate stream that starts at `from`, piece by piece. Synchronous: an asynchronous inflate
 * costs 1.7 times the processor time. Never throws for bad data.
 *
 * @param options `maxBytes`: the most output that the caller wants. `pieceBytes`: input given to the decoder at a time, for tests:
 *   the result does not depend on it. `nextPiece`: gives the bytes that follow `bytes`, piece by piece, in memory that is reused.
 */
export function inflateRaw(
  bytes: Uint8Array,
  from: number,
  take: Taker,
  options: InflateOptions,
): Inflated {
  const ownEngine = engine ?? makeEngine();
  // Take the engine while it is in use, so that a taker that inflates something itself gets another one.
  engine = undefined;
  if (!ownEngine) return inflateWhole(bytes, from, take, options);
  const inputPieceBytes = options.pieceBytes ?? Number.POSITIVE_INFINITY;
  const result = run(ownEngine, {
    bytes,
    from,
    take,
    inputPieceBytes,
    nextPiece: options.nextPiece,
  });
  if (!ownEngine.failed) {
    ownEngine.handle.reset();
    engine = ownEngine;
  }
  return result;
}

function run(
  ownEngine: Engine,
  input: {
    bytes: Uint8Array;
    from: number;
    take: Taker;
    inputPieceBytes: number;
    nextPiece: InflateOptions['nextPiece'];
  },
): Inflated {
  const { take, inputPieceBytes, nextPiece } = input;
  let { bytes, from } = input;
  const { handle, state, output } = ownEngine;
  const { Z_SYNC_FLUSH, Z_FINISH } = zlib.constants;
  let at = from;
  for (;;) {
    const length = Math.min(bytes.length - at, inputPieceBytes);
    handle.writeSync(Z_SYNC_FLUSH, bytes, at, length, output, 0, PIECE_BYTES);
    if (ownEngine.failed) return { outcome: 'corrupt', consumed: at - from };
    const outputBytes = PIECE_BYTES - state[0]!;
    const inputLeft = state[1]!;
    at += length - inputLeft;
    if (outputBytes > 0 && !take(output.subarray(0, outputBytes), at - from)) {
      return { outcome: 'stopped', consumed: at - from };
    }
    if (state[0] === 0) continue; // the output is full: more may come without further input
    // If the output has room left, the decoder leaves input unused only after its stream is complete.
    if (inputLeft > 0) return { outcome: 'end', consumed: at - from };
    if (at < bytes.length) continue;
    const next = nextPiece?.();
    if (next !== undefined) {
      // `at - from` remains the number of bytes used in all pieces.
      from -= at;
      at = 0;
      bytes = next;
      continue;
    }
    // All input is used. With Z_FINISH the decoder fails if the stream is not complete.
    handle.writeSync(Z_FINISH, bytes, at, 0, output, 0, PIECE_BYTES);
    return { outcome: ownEngine.failed ? 'short' : 'end', consumed: at - from };
  }
}

/** Inflates through the public API if the native binding is missing. It has to hold the whole output in memory. */
export function inflateWhole(
  bytes: Uint8Array,
  from: number,
  take: Taker,
  { maxBytes, nextPiece }: InflateOptions,
): Inflated {
  try {
    const result = zlib.inflateRawSync(concatenated(bytes.subarray(from), nextPiece), {
      info: true,
      maxOutputLength: maxBytes,
    } as zlib.ZlibOptions) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    const consumed = result.engine.bytesWritten;
    for (let at = 0; at < result.buffer.length; at += PIECE_BYTES) {
      if (!take(result.buffer.subarray(at, at + PIECE_BYTES), consumed))
        return { outcome: 'stopped', consumed };
    }
    return { outcome: 'end', consumed };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') return { outcome: 'oversized', consumed: 0 };
    return { outcome: code === 'Z_BUF_ERROR' ? 'short' : 'corrupt', consumed: 0 };
  }
}

function concatenated(first: Uint8Array, nextPiece: InflateOptions['nextPiece']): Uint8Array {
  if (nextPiece === undefined) return first;
  const pieces = [Buffer.from(first)];
  for (let next = nextPiece(); next !== undefined; next = nextPiece())
    pieces.push(Buffer.from(next));
  return Buffer.concat(pieces);
}
