/*
 * The body of an answer, read to its end or not at all. However many are read at once, what they hold in memory together
 * is bounded: a body waits, unread, until there is room for it.
 */
import { ByteBudget, type ByteShare } from './byte-budget.ts';
import { TooLargeError } from './too-large.ts';

/** What both Node's responses and those of npm's network layer are. */
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

/** Bodies read at once, together. */
export const BODIES_BYTES_MAX: number = 128 * 1024 * 1024;
/** Set aside for a body that does not say how long it is. One that is longer waits until it is the only such. */
const UNDECLARED_BYTES = 1024 * 1024;

const budget = new ByteBudget(BODIES_BYTES_MAX);

/**
 * Reads a body. What announces that it is too large is not read at all, what turns out to be, no further.
 *
 * @throws TooLargeError for what is more than `bytesMax`; Error for what announces that, ends early, or stands still.
 */
export async function readBody(stream: BodyStream, options: BodyOptions): Promise<Buffer> {
  const { declared, bytesMax } = options;
  const length = declared === undefined ? undefined : Number(declared);
  if (length !== undefined && length > bytesMax) {
    // It may be a lie that is over when it is asked for again.
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
      // Nobody reads meanwhile, so that no byte comes.
      if (waiting) timer.refresh();
      else stop(new Error(`no byte for ${idle / 1000} s`));
    }, idle);
    let stopped = false;
    const stop = (error: Error): void => {
      // Some streams say what they were destroyed for.
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
