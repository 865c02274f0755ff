/* Reads bodies to their end or not at all. All bodies share one bound on memory: a body waits, unread, until there is room. */
import { ByteBudget, type ByteShare } from './byte-budget.ts';
import { TooLargeError } from './too-large.ts';

/** The methods that Node's responses and those of npm's network layer have in common. */
export interface BodyStream {
  on(event: 'data', listener: (piece: Buffer) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(error?: Error): unknown;
}

export interface BodyOptions {
  /** The `content-length` header. */
  readonly declared: string | undefined;
  readonly bytesMax: number;
  /** Milliseconds that may pass without a byte. */
  readonly idle: number;
}

/** The most bytes of all bodies that are read at once. */
export const BODIES_BYTES_MAX: number = 128 * 1024 * 1024;
/**
 * Bytes reserved for a body that does not announce its length. When such a body grows longer, it waits until no other such body grows.
 */
const UNDECLARED_BYTES = 1024 * 1024;

const budget = new ByteBudget(BODIES_BYTES_MAX);

/**
 * Reads a body. A body that announces too many bytes is not read; a body that turns out too long is cut off.
 *
 * @throws TooLargeError for more than `bytesMax` bytes; Error for a body that announces that many, ends early, or stalls.
 */
export async function readBody(stream: BodyStream, options: BodyOptions): Promise<Buffer> {
  const { declared, bytesMax } = options;
  const length = declared === undefined ? undefined : Number(declared);
  if (length !== undefined && length > bytesMax) {
    // The declared length may be wrong this time and right next time, so this error allows another try.
    const error = new Error(TooLargeError.announced(length, bytesMax).message);
    stream.on('error', () => undefined);
    stream.destroy(error);
    throw error;
  }
  const share = budget.share();
  try {
    const bytes = await collect(stream, { ...options, share, length });
    if (length !== undefined && bytes.length !== length)
      throw new Error(`${bytes.length} bytes came, and ${length} were announced`);
    return bytes;
  } finally {
    share.release();
  }
}

interface Collecting extends BodyOptions {
  readonly share: ByteShare;
  readonly length: number | undefined;
}

async function collect(stream: BodyStream, options: Collecting): Promise<Buffer> {
  const { bytesMax, idle, share, length } = options;
  const pieces: Buffer[] = [];
  let size = 0;
  let reserved = length ?? Math.min(UNDECLARED_BYTES, bytesMax);
  return new Promise((resolve, reject) => {
    let waiting = false;
    const timer = setTimeout(() => {
      // The body is not read while it waits for room, so no byte arrives and the timer must not run out.
      if (waiting) timer.refresh();
      else stop(new Error(`no byte for ${idle / 1000} s`));
    }, idle);
    let stopped = false;
    const stop = (error: Error): void => {
      // Some streams report the error that they were destroyed with.
      if (stopped) return;
      stopped = true;
      clearTimeout(timer);
      reject(error);
      stream.destroy(error);
    };
    const waitFor = (room: Promise<void> | undefined): void => {
      if (room === undefined) return;
      waiting = true;
      stream.pause();
      void room.then(() => {
        if (stopped) return;
        waiting = false;
        timer.refresh();
        stream.resume();
      });
    };
    stream.on('error', stop);
    stream.on('end', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(pieces, size));
    });
    stream.on('data', (piece) => {
      if (stopped) return;
      timer.refresh();
      size += piece.length;
      if (size > bytesMax) return stop(TooLargeError.read(bytesMax));
      pieces.push(piece);
      if (size <= reserved) return;
      reserved = bytesMax;
      waitFor(share.growAlone());
    });
    waitFor(share.take(reserved));
  });
}

/** The part that Node's streams and npm's have in common. */
interface Body {
  on(event: 'error', listener: () => void): unknown;
  destroy(): unknown;
}

/** Nothing reads this body any more, so its errors are ignored: an error without a listener would end the process. */
export function dropBody(body: Body): void {
  ignoreErrors(body);
  body.destroy();
}

/** A body may fail when nothing listens for its errors, and that would end the process. Readers still get the error. */
export function ignoreErrors(body: Pick<Body, 'on'>): void {
  body.on('error', () => undefined);
}
