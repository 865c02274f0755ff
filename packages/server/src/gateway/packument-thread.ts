/* Reads and writes long documents in threads, so that other requests go on meanwhile. */
import { parentPort, type Worker } from 'node:worker_threads';
import { GatewayAnswer } from './answers.ts';
import { checkedRequest } from './api-body.ts';
import { jsonValue, jsonValues, notArchive } from './json.ts';
import {
  PackumentWork,
  writtenManifest,
  type ManifestOptions,
  type PackumentEntries,
  type WriteOptions,
} from './packument-work.ts';
import { publicationIn, type PublicationOptions } from './publication.ts';

/** The work on one document, in this thread or another. */
export interface Working {
  /** Do not use `bytes` after the call: their memory moves to the thread. */
  read(bytes: Buffer, name: string): Promise<PackumentEntries>;
  write(options: WriteOptions): Promise<Buffer>;
  /** Ends the work. Unfinished work fails. */
  end(): void;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** A question to a thread. Each names its input. */
export type Question =
  | { readonly read: Bytes; readonly name: string; readonly valuesMax?: number }
  | { readonly write: WriteOptions }
  | { readonly manifest: Bytes; readonly options: ManifestOptions }
  | { readonly publication: Bytes; readonly options: PublicationOptions }
  | { readonly request: Bytes; readonly encoding: string | undefined }
  | { readonly json: Bytes };

export interface Answers {
  readonly entries?: PackumentEntries;
  readonly written?: Bytes;
  /** The question's bytes: they have more values than it allows. */
  readonly tooMany?: Bytes;
  readonly publication?: {
    readonly archive?: Bytes;
    readonly version?: string;
    readonly body: Bytes;
  };
  /** The bytes for the client; undefined if they are not JSON. */
  readonly json?: Bytes;
  readonly failed?: { readonly status: number; readonly message: string };
}

/** A thread that answers one question at a time. It runs {@link servePackument}. */
export class DocumentThread {
  readonly #worker: Worker;
  readonly #over: Promise<never>;
  #answered: ((answer: Answers) => void) | undefined;
  /** Settles with the present question. */
  pending: Promise<unknown> = Promise.resolve();
  isOver = false;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#over = new Promise<never>((_, reject) => {
      const ended = (cause?: unknown): void => {
        this.isOver = true;
        reject(new GatewayAnswer(502, 'a long document could not be read', { cause }));
      };
      // If an error came before the end, that error counts.
      worker.on('error', ended).once('exit', ended);
    });
    this.#over.catch(() => undefined);
    worker.on('message', (answer: Answers) => this.#answered?.(answer));
  }

  /** @param given Memory that moves to the thread. */
  async ask(question: Question, given: readonly ArrayBuffer[] = []): Promise<Answers> {
    const answered = new Promise<Answers>((resolve) => (this.#answered = resolve));
    this.#worker.postMessage(question, [...given]);
    const answer = Promise.race([answered, this.#over]);
    this.pending = answer.catch(() => undefined);
    const { failed } = await answer;
    if (failed !== undefined) throw new GatewayAnswer(failed.status, failed.message);
    return answer;
  }

  end(): void {
    this.isOver = true;
    void this.#worker.terminate();
  }
}

/** Works in this thread. */
export function workingHere(): Working {
  const work = new PackumentWork();
  return {
    read: async (bytes, name) => work.read(bytes, name),
    write: async (options) => work.write(options),
    end: () => undefined,
  };
}

/** Works in another thread. */
export function workingIn(thread: DocumentThread, end = (): void => thread.end()): Working {
  return {
    async read(bytes, name) {
      const read = givable(bytes);
      return (await thread.ask({ read, name }, [read.buffer])).entries!;
    },
    async write(options) {
      const { buffer } = (await thread.ask({ write: options })).written!;
      return Buffer.from(buffer);
    },
    end,
  };
}

/** Copies bytes that share their memory with others; only unshared memory can move to another thread. */
export function givable(bytes: Buffer): Bytes {
  const { buffer, length } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === length
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}

/** The program of the thread. */
export function servePackument(): void {
  let work = new PackumentWork();
  const answer = async (question: Question): Promise<void> => {
    // The next document must not find the last one.
    if ('read' in question) work = new PackumentWork();
    const answers = await answerTo(question, work);
    if ('write' in question) work = new PackumentWork();
    const { written, tooMany, json, publication } = answers;
    const all = [written, tooMany, json, publication?.archive, publication?.body];
    const given = all.flatMap((bytes) => (bytes === undefined ? [] : [bytes.buffer]));
    parentPort?.postMessage(answers, given);
  };
  // An error ends the thread, and its question fails.
  parentPort?.on('message', (question: Question) => void answer(question));
}

async function answerTo(question: Question, work: PackumentWork): Promise<Answers> {
  try {
    return await answersOf(question, work);
  } catch (error) {
    if (!(error instanceof GatewayAnswer)) throw error;
    const { status, message } = error;
    return { failed: { status, message } };
  }
}

async function answersOf(question: Question, work: PackumentWork): Promise<Answers> {
  if ('read' in question) {
    const { read, name, valuesMax = Infinity } = question;
    const bytes = Buffer.from(read.buffer);
    if (valuesMax < bytes.length && jsonValues(bytes) > valuesMax) return { tooMany: read };
    return { entries: work.read(bytes, name) };
  }
  if ('write' in question) return { written: givable(work.write(question.write)) };
  if ('manifest' in question) {
    const { manifest, options } = question;
    return { written: givable(writtenManifest(Buffer.from(manifest.buffer), options)) };
  }
  if ('publication' in question) {
    const { publication, options } = question;
    const { archive, body } = publicationIn(Buffer.from(publication.buffer), options);
    const { bytes, version } = archive ?? {};
    const found = bytes && version !== undefined && { archive: givable(bytes), version };
    return { publication: { body: givable(body), ...found } };
  }
  if ('request' in question) {
    await checkedRequest(Buffer.from(question.request.buffer), question.encoding);
    return { written: question.request };
  }
  const bytes = Buffer.from(question.json.buffer);
  return jsonValue(bytes) === undefined ? {} : { json: givable(notArchive(bytes)) };
}
