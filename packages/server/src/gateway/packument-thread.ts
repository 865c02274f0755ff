/* Reads and writes one long document in a thread. Other requests go on meanwhile, and all of its memory is freed when it ends. */
import { parentPort, type Worker } from 'node:worker_threads';
import { GatewayAnswer } from './answers.ts';
import {
  PackumentWork,
  type PackumentEntries,
  type PackumentReadOptions,
  type WriteOptions,
} from './packument-work.ts';

/** The work on one document, in this thread or another. */
export interface Working {
  /** Do not use `bytes` after the call: their memory moves to the thread. */
  read(bytes: Buffer, options: PackumentReadOptions): Promise<PackumentEntries>;
  write(options: WriteOptions): Promise<Buffer>;
  /** Ends the thread. Unfinished work fails. */
  end(): void;
}

type Question =
  | { readonly read: Uint8Array<ArrayBuffer>; readonly options: PackumentReadOptions }
  | { readonly write: WriteOptions };

interface Answers {
  readonly entries?: PackumentEntries;
  readonly written?: Uint8Array<ArrayBuffer>;
  readonly failed?: { readonly status: number; readonly message: string };
}

/** Works in this thread. */
export function workingHere(): Working {
  const work = new PackumentWork();
  return {
    read: async (bytes, options) => work.read(bytes, options),
    write: async (options) => work.write(options),
    end: () => undefined,
  };
}

/** Works in a thread of its own, which runs {@link servePackument}. */
export function workingIn(thread: Worker): Working {
  const over = new Promise<never>((_, reject) => {
    const ended = (cause?: unknown): void =>
      reject(new GatewayAnswer(502, 'a long document could not be read', { cause }));
    // If an error came before the end, that error counts.
    thread.on('error', ended).once('exit', ended);
  });
  over.catch(() => undefined);
  async function ask(question: Question, given: ArrayBuffer[] = []): Promise<Answers> {
    const answered = new Promise<Answers>((resolve) => void thread.once('message', resolve));
    thread.postMessage(question, given);
    const answer = await Promise.race([answered, over]);
    const { failed } = answer;
    if (failed !== undefined) throw new GatewayAnswer(failed.status, failed.message);
    return answer;
  }
  return {
    async read(bytes, options) {
      const read = givable(bytes);
      return (await ask({ read, options }, [read.buffer])).entries!;
    },
    async write(options) {
      const { buffer } = (await ask({ write: options })).written!;
      return Buffer.from(buffer);
    },
    end: () => void thread.terminate(),
  };
}

/** Copies bytes that share their memory with others; only unshared memory can move to another thread. */
function givable(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, length } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === length
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}

/** The program of the thread. */
export function servePackument(): void {
  const work = new PackumentWork();
  parentPort?.on('message', (question: Question) => {
    const { message, given = [] } = answerTo(question, work);
    parentPort?.postMessage(message, given);
  });
}

function answerTo(
  question: Question,
  work: PackumentWork,
): { readonly message: Answers; readonly given?: ArrayBuffer[] } {
  try {
    if ('read' in question)
      return {
        message: { entries: work.read(Buffer.from(question.read.buffer), question.options) },
      };
    const written = givable(work.write(question.write));
    return { message: { written }, given: [written.buffer] };
  } catch (error) {
    if (!(error instanceof GatewayAnswer)) throw error;
    const { status, message } = error;
    return { message: { failed: { status, message } } };
  }
}
