/*
 * Reads the files among the steps of a walk, in two threads.
 *
 *   walk → batches of steps → two threads, in turn → the same steps in the same order, each file with its content
 *
 * At most WINDOW batches are on the way, so memory does not depend on the size of the folder.
 */
import { createHash, hash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import { TarwardenError } from '@tarwarden/core/errors';
import { MODE_BITS, type FileContent } from './format.ts';
import { changedError, isSameState, pathBelow, readable } from './walk.ts';

const BATCH_STEPS = 256;
const WINDOW = 8;
const THREADS = 2;

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

/** The files that are read together. Paths have one character for each byte: a thread gets a copy, and text is copied fast. */
interface FileBatch {
  readonly folder: string;
  readonly files: readonly (readonly [path: string, size: number | undefined])[];
}

interface Batch<Step> {
  readonly steps: readonly (readonly [step: Step, isFile: boolean])[];
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
  const threads: Thread[] = [];
  try {
    const waiting: { batch: Batch<Step>; content: Promise<readonly FileContent[]> }[] = [];
    let turn = 0;
    const send = (batch: Batch<Step>): void => {
      const thread = (threads[turn % THREADS] ??= startedThread(options.startThread()));
      turn += 1;
      const content = answerOf(thread, batch.request);
      // If another batch fails first, nothing waits for this one, and its error would end the process.
      content.catch(() => undefined);
      waiting.push({ batch, content });
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
    await Promise.all(threads.map(async ({ worker }) => worker.terminate()));
  }
}

/** The next steps. Undefined after the last one. */
function nextBatch<Step>({
  steps,
  fileOf,
  folder,
}: ContentsOptions<Step>): Batch<Step> | undefined {
  const batchSteps: [Step, boolean][] = [];
  const files: [string, number | undefined][] = [];
  while (batchSteps.length < BATCH_STEPS) {
    const { done, value: step } = steps.next();
    if (done === true) break;
    const file = fileOf(step);
    batchSteps.push([step, file !== undefined]);
    if (file !== undefined) files.push([file.path.toString('latin1'), file.size]);
  }
  return batchSteps.length === 0
    ? undefined
    : { steps: batchSteps, request: { folder: folder.toString('latin1'), files } };
}

function* withContent<Step>(
  { steps }: Batch<Step>,
  files: readonly FileContent[],
): Generator<readonly [Step, FileContent | undefined]> {
  let fileIndex = 0;
  for (const [step, isFile] of steps) yield [step, isFile ? files[fileIndex++] : undefined];
}

interface Thread {
  readonly worker: Worker;
  /** Rejects when the thread ends. */
  readonly ended: Promise<never>;
}

interface Question {
  readonly request: FileBatch;
  readonly port: MessagePort;
}

interface Answer {
  readonly content?: readonly FileContent[];
  /** The reason why there is no content. */
  readonly problem?: string;
}

function startedThread(worker: Worker): Thread {
  const ended = new Promise<never>((_, reject) => {
    const fail = (why: string): void => reject(new TarwardenError('NOT_CHECKED', why));
    worker.once('error', (error) => fail(String(error)));
    worker.once('exit', () => fail('a thread that reads files ended'));
  });
  ended.catch(() => undefined);
  return { worker, ended };
}

async function answerOf(
  { worker, ended }: Thread,
  request: FileBatch,
): Promise<readonly FileContent[]> {
  if (request.files.length === 0) return [];
  const { port1, port2 } = new MessageChannel();
  try {
    const answer = once(port1, 'message');
    worker.postMessage({ request, port: port2 } satisfies Question, [port2]);
    const [{ content, problem }] = (await Promise.race([answer, ended])) as [Answer];
    if (content === undefined) throw new TarwardenError('NOT_CHECKED', problem ?? '');
    return content;
  } finally {
    port1.close();
  }
}

/** Runs in a thread: answers each batch of files. */
export function serveContents(parent: MessagePort): void {
  parent.on('message', ({ request, port }: Question) => {
    let answer: Answer;
    try {
      answer = { content: readBatch(request) };
    } catch (error) {
      answer = { problem: error instanceof Error ? error.message : String(error) };
    }
    port.postMessage(answer);
  });
}

/** The content of each file, in the same order. @throws TarwardenError if one cannot be read, or changes meanwhile. */
function readBatch({ folder, files }: FileBatch): FileContent[] {
  const above = Buffer.from(folder, 'latin1');
  return files.map(([path, size]) => readFile(pathBelow(above, Buffer.from(path, 'latin1')), size));
}

const PIECE_BYTES = 256 * 1024;
/** All files share one buffer, because a cache has tens of thousands of files. */
const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
const NOT_READ = new Uint8Array(32);

function readFile(path: Buffer, sealedSize: number | undefined): FileContent {
  return readable(path, () => {
    // Without O_NONBLOCK, a FIFO that took the place of the file would make us wait. Flags that Windows lacks count as 0.
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const before = fstatSync(descriptor);
      if (!before.isFile()) throw changedError(path);
      const { size } = before;
      const mode = before.mode & MODE_BITS;
      if (sealedSize !== undefined && sealedSize !== size) return { mode, size, sha256: NOT_READ };
      const sha256 = digestOf(descriptor, size);
      if (!isSameState(before, fstatSync(descriptor))) throw changedError(path);
      return { mode, size, sha256 };
    } finally {
      closeSync(descriptor);
    }
  });
}

/** The hash of all bytes. If another process cuts or extends the file meanwhile, its state differs afterwards. */
function digestOf(descriptor: number, size: number): Uint8Array {
  const length = readSync(descriptor, piece, 0, piece.length, null);
  // Most files end here. An object that hashes takes longer than the hash of a small file.
  if (length === size && length < piece.length)
    return hash('sha256', piece.subarray(0, length), 'buffer');
  const digest = createHash('sha256');
  let remaining = size;
  for (
    let readBytes = length;
    readBytes > 0;
    readBytes = readSync(descriptor, piece, 0, piece.length, null)
  ) {
    digest.update(piece.subarray(0, readBytes));
    remaining -= readBytes;
    // A file that another process extends all the time would have no end.
    if (remaining <= 0) break;
  }
  return digest.digest();
}
