import type { Worker } from 'node:worker_threads';
import type { Format, InspectOptions, Verdict } from '@tarwarden/core';
import type { Kept } from '@tarwarden/core/npm';
import { ByteBudget } from '../fetch/byte-budget.ts';
import { availableParallelism } from 'node:os';

export type ThreadOptions = Omit<
  InspectOptions,
  'format' | 'receiver' | 'unpacked' | 'pieceBytes'
> & {
  /** Formats other than npm's need a thread whose program can inspect them. */
  readonly format?: Format;
};

/** An archive that the thread makes of a tarball while it inspects the tarball. */
export interface Conversion {
  /** The file to which the archive is written. */
  readonly file: string;
  /** The folder of all entries, which replaces this many folders of the tarball. */
  readonly prefixPath: string;
  readonly stripComponents: number;
  /** SHA-512 (hex) of the archive. If the thread makes another one, it writes nothing. */
  readonly demanded: string;
  /** Options of the archive's inspection. Absent if it has a verdict. */
  readonly inspection?: ThreadOptions | undefined;
}

/** The verdict of a tarball, and the archive if it was made. */
export interface Converted {
  readonly verdict: Verdict;
  readonly archive?: {
    readonly sha512: string;
    /** Absent if it was not to be inspected. */
    readonly verdict?: Verdict | undefined;
  };
}

export interface ThreadRequest {
  readonly id: number;
  /** The archive, or the path of its file. */
  readonly archive: Uint8Array | string;
  readonly options: ThreadOptions;
  readonly keep: boolean;
  readonly conversion?: Conversion | undefined;
}

export interface ThreadAnswer {
  readonly id: number;
  result?: Kept & Converted;
  /** The reason why there is no verdict, with the code of the error if it has one. */
  error?: { readonly message: string; readonly code?: unknown };
}

/** Inspects in its own thread. Methods reject if there is no verdict, also if another archive killed the thread. */
export interface InspectionThread {
  inspect(bytes: Uint8Array, options: ThreadOptions): Promise<Verdict>;
  /** Reads a file, and inspects these bytes. */
  inspectFile(file: string, options: ThreadOptions): Promise<Verdict>;
  /** Like `inspectKeeping`; the tar is in shared memory. */
  inspectKeeping(bytes: Uint8Array, options: ThreadOptions): Promise<Kept>;
  /** Inspects a tarball, and makes an archive of it if it has no finding. For a thread whose program can do that. */
  convert(bytes: Uint8Array, options: ThreadOptions, conversion: Conversion): Promise<Converted>;
}

/** The most bytes of archives that wait for the thread or are in it. Each of these archives is a copy. */
const COPIED_MAX = 64 * 1024 * 1024;

interface Wishes {
  readonly keep?: boolean;
  readonly conversion?: Conversion;
}

interface Waiting {
  readonly resolve: (result: Kept & Converted) => void;
  readonly reject: (error: Error) => void;
}

/** @param start Starts a thread of `serveInspections`, at first use or after one died. An idle one lets the process end. */
export function inspectionThread(start: () => Worker): InspectionThread {
  const waiting = new Map<number, Waiting>();
  const copies = new ByteBudget(COPIED_MAX);
  let worker: Worker | undefined;
  let nextId = 0;

  function begin(): Worker {
    const newWorker = start();
    newWorker.on('message', ({ id, result, error }: ThreadAnswer) => {
      const caller = waiting.get(id);
      waiting.delete(id);
      if (waiting.size === 0) newWorker.unref();
      if (result === undefined)
        caller?.reject(Object.assign(new Error(error?.message), { code: error?.code }));
      else caller?.resolve(result);
    });
    newWorker.on('error', () => undefined);
    // Runs after an error as well. The other archives of the thread get no verdict either.
    newWorker.on('exit', () => {
      if (worker === newWorker) worker = undefined;
      const callers = [...waiting.values()];
      waiting.clear();
      for (const { reject } of callers) reject(new Error('the thread that inspects ended'));
    });
    return newWorker;
  }

  function ask(
    archive: ThreadRequest['archive'],
    options: ThreadRequest['options'],
    { keep = false, conversion }: Wishes = {},
  ): Promise<Kept & Converted> {
    return new Promise((resolve, reject) => {
      worker ??= begin();
      worker.ref();
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      // Transfer a copy: the buffer may hold more than the archive, and the caller keeps it.
      const copy = typeof archive === 'string' ? archive : new Uint8Array(archive);
      const message: ThreadRequest = { id, archive: copy, options, keep, conversion };
      worker.postMessage(message, typeof copy === 'string' ? [] : [copy.buffer]);
    });
  }

  async function give(
    bytes: Uint8Array,
    options: ThreadOptions,
    wishes?: Wishes,
  ): Promise<Kept & Converted> {
    const share = copies.share();
    await share.take(bytes.length);
    try {
      return await ask(bytes, options, wishes);
    } finally {
      share.release();
    }
  }

  return {
    inspect: async (bytes, options) => (await give(bytes, options)).verdict,
    inspectFile: async (file, options) => (await ask(file, options)).verdict,
    inspectKeeping: (bytes, options) => give(bytes, options, { keep: true }),
    convert: (bytes, options, conversion) => give(bytes, options, { conversion }),
  };
}

/** More threads would only wait for the network or the disk. */
const THREADS_MAX = 8;

interface Slot {
  readonly thread: InspectionThread;
  pendingCount: number;
}

/**
 * Threads that inspect. Each gets several archives at once, so that it need not wait for the main thread between them. If an archive
 * kills its thread, all archives of that thread are inspected once more, one by one.
 */
export class InspectionPool {
  readonly #slots: readonly Slot[];
  readonly #careful: InspectionThread;
  /** The last inspection of the queue. The queue runs one inspection at a time. */
  #lastInspection: Promise<unknown> = Promise.resolve();

  /** @param start Starts a thread that runs `serveInspections` of `host`. Called with the first archive. */
  constructor(start: () => Worker) {
    const count = Math.min(availableParallelism(), THREADS_MAX);
    this.#slots = Array.from({ length: count }, () => ({
      thread: inspectionThread(start),
      pendingCount: 0,
    }));
    this.#careful = inspectionThread(start);
  }

  /** Rejects if there is no verdict. */
  inspect(bytes: Uint8Array, options: ThreadOptions): Promise<Verdict> {
    return this.#run((thread) => thread.inspect(bytes, options));
  }

  /** Inspects a file, which must not change meanwhile. Rejects if there is no verdict. */
  inspectFile(path: string, options: ThreadOptions): Promise<Verdict> {
    return this.#run((thread) => thread.inspectFile(path, options));
  }

  async #run(ask: (thread: InspectionThread) => Promise<Verdict>): Promise<Verdict> {
    const slot = this.#slots.reduce((least, slot) =>
      slot.pendingCount < least.pendingCount ? slot : least,
    );
    slot.pendingCount += 1;
    try {
      return await ask(slot.thread);
    } catch {
      return await this.#alone(() => ask(this.#careful));
    } finally {
      slot.pendingCount -= 1;
    }
  }

  async #alone<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#lastInspection.then(run);
    this.#lastInspection = result.catch(() => undefined);
    return result;
  }
}
