/*
 * Reads the files among the steps of a walk, in two threads.
 *
 *   walk → batches of steps → two threads, in turn → the same steps in the same order, each file with its content
 *
 * At most WINDOW batches are on the way, so memory does not depend on the size of the folder.
 */
import type { MessagePort, Worker } from 'node:worker_threads';
import { TarwardenError } from '@tarwarden/core/errors';
import { DIGEST_BYTES, readBatch, type BatchContent, type FileBatch } from './file-content.ts';
import type { FileContent } from './format.ts';

const BATCH_STEPS = 256;
const WINDOW = 8;
const THREADS = 2;
const NUL = Buffer.alloc(1);

/** A file to be read. */
export interface WantedFile {
  readonly path: Buffer;
  /** A file of another size is not read. */
  readonly size?: number | undefined;
}

export interface ContentsOptions<Step> {
  readonly folder: Buffer;
  readonly steps: Iterator<Step, undefined, undefined>;
  readonly fileOf: (step: Step) => WantedFile | undefined;
  readonly startThread: () => Worker;
}

export interface BatchAnswer {
  readonly content?: BatchContent;
  /** The reason why there is no content. */
  readonly problem?: string;
}

interface Batch<Step> {
  readonly steps: readonly (readonly [step: Step, file: WantedFile | undefined])[];
  readonly request: FileBatch;
}

/**
 * The steps in their order. A file that was not read, because its size differs, has a hash of zeros.
 * @throws TarwardenError at a file that cannot be read.
 */
export async function* contents<Step>(
  options: ContentsOptions<Step>,
): AsyncGenerator<readonly [step: Step, content: FileContent | undefined]> {
  const first = nextBatch(options);
  if (first === undefined) return;
  let next = nextBatch(options);
  if (next === undefined) {
    yield* withContent(first, readBatch(first.request));
    return;
  }
  const threads: ReadingThread[] = [];
  try {
    const waiting: { batch: Batch<Step>; content: Promise<BatchContent> }[] = [];
    let turn = 0;
    const send = (batch: Batch<Step>): void => {
      const content = read(batch.request);
      // Another one may fail before anybody waits for this one.
      content.catch(() => undefined);
      waiting.push({ batch, content });
    };
    const read = async (request: FileBatch): Promise<BatchContent> => {
      if (request.sizes.length === 0) return readBatch(request);
      const thread = (threads[turn % THREADS] ??= new ReadingThread(options.startThread()));
      turn += 1;
      return thread.read(request);
    };
    send(first);
    for (;;) {
      for (; next !== undefined && waiting.length < WINDOW; next = nextBatch(options)) send(next);
      const oldest = waiting.shift();
      if (oldest === undefined) return;
      // oxlint-disable-next-line no-await-in-loop -- in order
      yield* withContent(oldest.batch, await oldest.content);
    }
  } finally {
    await Promise.all(threads.map(async (thread) => thread.end()));
  }
}

/** The next steps. Undefined after the last one. */
function nextBatch<Step>({
  steps,
  fileOf,
  folder,
}: ContentsOptions<Step>): Batch<Step> | undefined {
  const taken: [Step, WantedFile | undefined][] = [];
  const paths: Buffer[] = [];
  const sizes: number[] = [];
  while (taken.length < BATCH_STEPS) {
    const { done, value: step } = steps.next();
    if (done === true) break;
    const file = fileOf(step);
    taken.push([step, file]);
    if (file === undefined) continue;
    paths.push(file.path, NUL);
    sizes.push(file.size ?? -1);
  }
  if (taken.length === 0) return undefined;
  const request = { folder, paths: Buffer.concat(paths), sizes: Float64Array.from(sizes) };
  return { steps: taken, request };
}

function* withContent<Step>(
  { steps }: Batch<Step>,
  { modes, sizes, digests }: BatchContent,
): Generator<readonly [Step, FileContent | undefined]> {
  let at = 0;
  for (const [step, file] of steps) {
    if (file === undefined) {
      yield [step, undefined];
      continue;
    }
    const sha256 = digests.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES);
    yield [step, { mode: modes[at]!, size: sizes[at]!, sha256 }];
    at += 1;
  }
}

/** A thread that answers in the order in which it was asked. */
class ReadingThread {
  readonly #worker: Worker;
  /** The reason why the thread has ended. */
  #problem: string | undefined;
  readonly #waiting: {
    resolve: (content: BatchContent) => void;
    reject: (error: Error) => void;
  }[] = [];

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', ({ content, problem }: BatchAnswer) => {
      const caller = this.#waiting.shift();
      if (content !== undefined) caller?.resolve(content);
      else caller?.reject(new TarwardenError('NOT_CHECKED', problem ?? ''));
    });
    worker.on('error', (error) => this.#fail(String(error)));
    worker.on('exit', () => this.#fail('a thread that reads files ended'));
  }

  async read(request: FileBatch): Promise<BatchContent> {
    if (this.#problem !== undefined) throw new TarwardenError('NOT_CHECKED', this.#problem);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(why: string): void {
    this.#problem ??= why;
    for (const { reject } of this.#waiting.splice(0))
      reject(new TarwardenError('NOT_CHECKED', why));
  }
}

/** Runs in a thread: answers each batch of files. */
export function serveContents(port: MessagePort): void {
  port.on('message', (batch: FileBatch) => {
    let answer: BatchAnswer;
    try {
      answer = { content: readBatch(batch) };
    } catch (error) {
      answer = { problem: error instanceof Error ? error.message : String(error) };
    }
    port.postMessage(answer);
  });
}
