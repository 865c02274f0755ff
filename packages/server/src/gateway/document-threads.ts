/*
 * Threads for documents, publications and other JSON. JSON of a few kilobytes is read where it is; longer JSON would stop all requests
 * meanwhile, and goes to a thread. A document with many values has a thread of its own, whose memory is freed when it ends.
 */
import type { Worker } from 'node:worker_threads';
import { Turns } from '../serving/turns.ts';
import { unlessAborted } from '../serving/unless-aborted.ts';
import type { Turn, Waiting } from './answer-turns.ts';
import { tooMany } from './answers.ts';
import { checkedRequest } from './api-body.ts';
import { jsonValue, notArchive } from './json.ts';
import {
  DocumentThread,
  givable,
  workingHere,
  workingIn,
  type Answers,
  type Question,
  type Working,
} from './packument-thread.ts';
import { writtenManifest, type ManifestOptions, type PackumentEntries } from './packument-work.ts';
import { publicationIn, type Publication, type PublicationOptions } from './publication.ts';
import { isLongDocument, LONG, VALUES_LONG } from './upstream-answer.ts';

/** Bytes of JSON that are read without a thread: that takes a few milliseconds. */
const SHORT = 128 * 1024;
/** The threads for JSON of up to `LONG` bytes, one of them for one client, and the most requests that wait for one. */
const THREADS = 2;
const WAITING_MAX = 1_000;
/** Milliseconds for the end of work that nobody waits for any more. */
const LEFT_FOR = 1_000;
/** Milliseconds for which a thread without work stays. It keeps up to 70 MB of memory, and starting one takes 50 ms. */
const IDLE_FOR = 3_000;

/** A document that is being worked on. */
export interface ReadDocument {
  readonly working: Working;
  readonly entries: PackumentEntries;
}

export class DocumentThreads {
  readonly #start: (() => Worker) | undefined;
  readonly #turns = new Turns({ places: THREADS, waitingMax: WAITING_MAX, tooMany });
  readonly #idle = new Map<DocumentThread, NodeJS.Timeout>();
  readonly #idleFor: number;
  #isClosed = false;

  /** @param start Starts a thread, which runs `servePackument`. If absent, everything is read here. */
  constructor(start: (() => Worker) | undefined, idleFor: number = IDLE_FOR) {
    this.#start = start;
    this.#idleFor = idleFor;
  }

  /**
   * Reads a document for its entries.
   * @param turn Waited for before a document with many values is read. The work must end before the turn does.
   */
  async read(
    bytes: Buffer,
    name: string,
    waiting: Waiting & { readonly turn: Turn },
  ): Promise<ReadDocument> {
    const start = this.#start;
    const { turn } = waiting;
    if (start === undefined) {
      if (isLongDocument(bytes)) await turn.alone();
      return readBy(workingHere(), bytes, name);
    }
    if (bytes.length <= SHORT) return readBy(workingHere(), bytes, name);
    if (bytes.length > LONG) return readBy(workingIn(new DocumentThread(start())), bytes, name);
    const { thread, giveBack } = await this.#borrow(start, waiting);
    const read = givable(bytes);
    try {
      const question = { read, name, valuesMax: VALUES_LONG };
      const asked = thread.ask(question, [read.buffer]);
      const { entries, tooMany: given } = await unlessGone(asked, waiting);
      if (entries !== undefined) return { working: workingIn(thread, giveBack), entries };
      giveBack();
      await turn.alone();
      const own = workingIn(new DocumentThread(start()));
      return await readBy(own, Buffer.from(given!.buffer), name);
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /** Writes the manifest of a version for clients. */
  async manifest(bytes: Buffer, options: ManifestOptions, waiting: Waiting): Promise<Buffer> {
    const manifest = givable(bytes);
    const answers = await this.#ask({ manifest, options }, manifest, waiting);
    return answers === undefined ? writtenManifest(bytes, options) : bytesOf(answers.written);
  }

  async publication(
    bytes: Buffer,
    options: PublicationOptions,
    waiting: Waiting,
  ): Promise<Publication> {
    const publication = givable(bytes);
    const answers = await this.#ask({ publication, options }, publication, waiting);
    if (answers === undefined) return publicationIn(bytes, options);
    const { archive, version, body } = answers.publication!;
    return {
      archive: archive && { bytes: bytesOf(archive), version: version! },
      body: bytesOf(body),
    };
  }

  /** The same body of a request to the API, if it may be passed on. */
  async request(bytes: Buffer, encoding: string | undefined, waiting: Waiting): Promise<Buffer> {
    // Even a short body can be unpacked into a long one.
    const isPacked = encoding !== undefined && encoding !== 'identity';
    const request = givable(bytes);
    const answers = await this.#ask({ request, encoding }, request, waiting, isPacked);
    return answers === undefined ? checkedRequest(bytes, encoding) : bytesOf(answers.written);
  }

  /** The same JSON in a form that is no archive; undefined if the bytes are not JSON. `bytes` may be used after the call. */
  async json(bytes: Buffer, waiting: Waiting): Promise<Buffer | undefined> {
    if (bytes.length <= SHORT || this.#start === undefined)
      return jsonValue(bytes) === undefined ? undefined : notArchive(bytes);
    const json = new Uint8Array(bytes);
    const answers = await this.#ask({ json }, json, waiting);
    return answers!.json && bytesOf(answers!.json);
  }

  /** Undefined if the question is short enough to be answered here. */
  async #ask(
    question: Question,
    bytes: Uint8Array<ArrayBuffer>,
    waiting: Waiting,
    isAlways = false,
  ): Promise<Answers | undefined> {
    const start = this.#start;
    if (start === undefined || (bytes.length <= SHORT && !isAlways)) return undefined;
    const { thread, giveBack } = await this.#borrow(start, waiting);
    try {
      return await unlessGone(thread.ask(question, [bytes.buffer]), waiting);
    } finally {
      giveBack();
    }
  }

  async #borrow(
    start: () => Worker,
    waiting: Waiting,
  ): Promise<{ readonly thread: DocumentThread; readonly giveBack: () => void }> {
    const leave = await this.#turns.enter(waiting);
    let thread: DocumentThread;
    try {
      thread = this.#idleThread() ?? new DocumentThread(start());
    } catch (error) {
      leave();
      throw error;
    }
    let isGiven = false;
    const giveBack = (): void => {
      if (isGiven) return;
      isGiven = true;
      // A client that went away leaves a question, which ends before the next one.
      const late = setTimeout(() => thread.end(), LEFT_FOR).unref();
      void thread.pending.then(() => {
        clearTimeout(late);
        if (this.#isClosed) thread.end();
        else if (!thread.isOver) this.#rest(thread);
        leave();
      });
    };
    return { thread, giveBack };
  }

  /** Ends the threads that have nothing to do. */
  close(): void {
    this.#isClosed = true;
    for (const thread of this.#idle.keys()) this.#end(thread);
  }

  #idleThread(): DocumentThread | undefined {
    const [thread] = [...this.#idle.keys()].slice(-1);
    if (thread === undefined) return undefined;
    clearTimeout(this.#idle.get(thread));
    this.#idle.delete(thread);
    return thread.isOver ? this.#idleThread() : thread;
  }

  #rest(thread: DocumentThread): void {
    this.#idle.set(thread, setTimeout(() => this.#end(thread), this.#idleFor).unref());
  }

  #end(thread: DocumentThread): void {
    clearTimeout(this.#idle.get(thread));
    this.#idle.delete(thread);
    thread.end();
  }
}

async function readBy(working: Working, bytes: Buffer, name: string): Promise<ReadDocument> {
  try {
    return { working, entries: await working.read(bytes, name) };
  } catch (error) {
    working.end();
    throw error;
  }
}

async function unlessGone<Result>(work: Promise<Result>, { gone }: Waiting): Promise<Result> {
  return gone === undefined ? work : unlessAborted(work, gone);
}

function bytesOf(bytes: Uint8Array<ArrayBuffer> | undefined): Buffer {
  return Buffer.from(bytes!.buffer);
}
