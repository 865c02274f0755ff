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
  readonly more?: (() => Buffer | undefined) | undefined;
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
  const made: Engine = {
    handle,
    state,
    output: Buffer.allocUnsafeSlow(PIECE_BYTES),
    failed: false,
  };
  handle.onerror = () => {
    made.failed = true;
  };
  return made;
}

/**
 * Inflates the raw deflate stream that starts at `from`, piece by piece. Synchronous: an asynchronous inflate
 * costs 1.7 times the processor time. Never throws for bad data.
 *
 * @param options `maxBytes`: the most output that the caller wants. `pieceBytes`: input given to the decoder at a time, for tests:
 *   the result does not depend on it. `more`: gives the bytes that follow `bytes`, piece by piece, in memory that is reused.
 */
export function inflateRaw(
  bytes: Uint8Array,
  from: number,
  take: Taker,
  options: InflateOptions,
): Inflated {
  const own = engine ?? makeEngine();
  // Take the engine while it is in use, so that a taker that inflates something itself gets another one.
  engine = undefined;
  if (!own) return inflateWhole(bytes, from, take, options);
  const inputPieceBytes = options.pieceBytes ?? Number.POSITIVE_INFINITY;
  const result = run(own, { bytes, from, take, inputPieceBytes, more: options.more });
  if (!own.failed) {
    own.handle.reset();
    engine = own;
  }
  return result;
}

function run(
  own: Engine,
  input: {
    bytes: Uint8Array;
    from: number;
    take: Taker;
    inputPieceBytes: number;
    more: InflateOptions['more'];
  },
): Inflated {
  const { take, inputPieceBytes, more } = input;
  let { bytes, from } = input;
  const { handle, state, output } = own;
  const { Z_SYNC_FLUSH, Z_FINISH } = zlib.constants;
  let at = from;
  for (;;) {
    const length = Math.min(bytes.length - at, inputPieceBytes);
    handle.writeSync(Z_SYNC_FLUSH, bytes, at, length, output, 0, PIECE_BYTES);
    if (own.failed) return { outcome: 'corrupt', consumed: at - from };
    const outputBytes = PIECE_BYTES - state[0]!;
    const left = state[1]!;
    at += length - left;
    if (outputBytes > 0 && !take(output.subarray(0, outputBytes), at - from)) {
      return { outcome: 'stopped', consumed: at - from };
    }
    if (state[0] === 0) continue; // the output is full: more may come without further input
    // If the output has room left, the decoder leaves input unused only after its stream is complete.
    if (left > 0) return { outcome: 'end', consumed: at - from };
    if (at < bytes.length) continue;
    const next = more?.();
    if (next !== undefined) {
      // `at - from` remains the number of bytes used in all pieces.
      from -= at;
      at = 0;
      bytes = next;
      continue;
    }
    // All input is used. Asked to finish, the decoder fails unless the stream is complete.
    handle.writeSync(Z_FINISH, bytes, at, 0, output, 0, PIECE_BYTES);
    return { outcome: own.failed ? 'short' : 'end', consumed: at - from };
  }
}

/** Inflates through the public API if the native binding is missing. It has to hold the whole output in memory. */
export function inflateWhole(
  bytes: Uint8Array,
  from: number,
  take: Taker,
  { maxBytes, more }: InflateOptions,
): Inflated {
  try {
    const result = zlib.inflateRawSync(concatenated(bytes.subarray(from), more), {
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

function concatenated(first: Uint8Array, more: InflateOptions['more']): Uint8Array {
  if (more === undefined) return first;
  const pieces = [Buffer.from(first)];
  for (let next = more(); next !== undefined; next = more()) pieces.push(Buffer.from(next));
  return Buffer.concat(pieces);
}
