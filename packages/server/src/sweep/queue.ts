/* Distributes archives to workers, by BullMQ on Redis or Valkey. It may be lost: the run knows which archives are open. */
import { hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { printable, redactUrl } from '@tarwarden/core/text';
import { UsageError } from '@tarwarden/guard/command-line';
import { Queue, UnrecoverableError, Worker, type Job, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { inTime } from '../serving/in-time.ts';
import {
  archiveId,
  failureRecord,
  isSweptArchive,
  sweptRecord,
  type SweepRecord,
  type SweptArchive,
} from './archive.ts';

export interface SweepQueueOptions {
  /** `redis://` or `rediss://`. */
  readonly address: string;
  /** The same for all processes that work on the sweep under the same rules and policy. */
  readonly name: string;
  /** Called for broken connections. They recover by themselves. */
  readonly onError: (error: Error) => void;
}

export interface SweepWorkerOptions extends SweepQueueOptions {
  /** The most archives at once. */
  readonly concurrency: number;
  /** Inspects an archive. `isLast`: it is not tried again. A thrown error means that it is to be tried again. */
  readonly run: (archive: SweptArchive, isLast: boolean) => Promise<SweepRecord>;
}

/** An archive that a worker has inspected, or that is not tried again. */
export interface FinishedArchive {
  readonly id: string;
  /** Undefined if another run has put the archive into the queue. */
  readonly record: SweepRecord | undefined;
}

/** The most tries of an archive, and the most times that workers may die with it. */
const ATTEMPTS = 5;
const STALLED_MAX = 3;
/** Milliseconds before the second try; the pause doubles for each further try. */
const BACKOFF = 2_000;
/** Milliseconds after which the archives of a missing worker go to another worker. */
const LOCK = 10_000;
/** Milliseconds before a server that is away is asked again. */
const AWAY = 2_000;
/** Milliseconds for the queue's first answer. */
const READY_LIMIT = 8_000;
const LATE = `it did not answer within ${READY_LIMIT / 1000} s`;
/** Milliseconds to leave the queue. */
const LEAVE_LIMIT = 5_000;
/** Milliseconds after which a run that was killed no longer holds the queue, and between two tries to hold it. */
const HELD_FOR = 10_000;
const LOOK = 500;
/** The most archives that are taken from the queue at once. */
const PAGE = 1000;

const JOB: JobsOptions = {
  attempts: ATTEMPTS,
  backoff: { type: 'exponential', delay: BACKOFF, jitter: 0.5 },
};

function connected({ address, onError }: SweepQueueOptions): {
  readonly client: Redis;
  readonly close: () => void;
} {
  if (!/^rediss?:\/\//.test(address) || !URL.canParse(address))
    throw new UsageError('--queue must be redis://HOST or rediss://HOST', 'sweep');
  // BullMQ requires this: commands wait for a server that is away.
  const client = new Redis(address, { maxRetriesPerRequest: null });
  client.on('error', onError);
  const all = [client];
  // A worker makes one more connection, and cannot close it while the server is away.
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (...args) => {
    const copy = duplicate(...args);
    all.push(copy);
    return copy;
  };
  return {
    client,
    close() {
      for (const copy of all) copy.disconnect();
    },
  };
}

/** @throws UsageError if the queue does not answer. */
async function ready(address: string, answer: Promise<unknown>): Promise<void> {
  await inTime(READY_LIMIT, answer, LATE).catch((cause: Error) => {
    const why = printable(cause.message);
    throw new UsageError(`the queue ${redactUrl(address)} cannot be used: ${why}`, 'sweep');
  });
}

/** The queue as the run uses it. One run uses it at a time. */
export class SweepQueue {
  readonly #holderKey: string;
  readonly #client: Redis;
  readonly #queue: Queue;
  readonly #closeConnection: () => void;
  /** The name of the jobs of this sweep: a run of another list may have left jobs in the queue. */
  readonly #jobName: string;

  private constructor(options: SweepQueueOptions, source: string) {
    const { client, close } = connected(options);
    this.#holderKey = `${options.name}:run`;
    this.#jobName = hash('sha256', source).slice(0, 40);
    this.#client = client;
    this.#closeConnection = close;
    this.#queue = new Queue(options.name, { connection: client as never });
    this.#queue.on('error', options.onError);
  }

  /**
   * @param source Distinguishes the list or cache from those of other runs.
   * @throws UsageError if the queue does not answer, or if another run uses it.
   */
  static async open(options: SweepQueueOptions, source: string): Promise<SweepQueue> {
    const queue = new SweepQueue(options, source);
    try {
      await ready(options.address, queue.#queue.waitUntilReady());
      await queue.#hold();
      return queue;
    } catch (error) {
      queue.#closeConnection();
      throw error;
    }
  }

  async #hold(): Promise<void> {
    for (let waited = 0; waited <= HELD_FOR; waited += LOOK) {
      const held = await this.#client.set(this.#holderKey, 'held', 'PX', HELD_FOR, 'NX');
      if (held !== null) return;
      await wait(LOOK);
    }
    throw new UsageError('another run uses this queue', 'sweep');
  }

  /** Archives that are already in the queue stay unchanged. */
  async add(archives: readonly SweptArchive[]): Promise<void> {
    if (archives.length === 0) return;
    await this.#queue.addBulk(
      archives.map((archive) => ({
        name: this.#jobName,
        data: archive,
        opts: { ...JOB, jobId: archiveId(archive) },
      })),
    );
  }

  /** Whether nothing is in the queue: neither archives nor results. */
  async isEmpty(): Promise<boolean> {
    const counts = await this.#queue.getJobCounts();
    return Object.values(counts).every((count) => count === 0);
  }

  /** Archives that are finished. They stay in the queue until they are removed. */
  async finished(): Promise<readonly FinishedArchive[]> {
    await this.#client.set(this.#holderKey, 'held', 'PX', HELD_FOR);
    const jobs = (await this.#queue.getJobs(['completed', 'failed'], 0, PAGE - 1)) as (
      | Job<unknown, unknown>
      | undefined
    )[];
    return jobs.flatMap((next) =>
      next?.id === undefined
        ? []
        : [{ id: next.id, record: next.name === this.#jobName ? recordIn(next) : undefined }],
    );
  }

  async remove(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#queue.remove(id)));
  }

  async close(): Promise<void> {
    try {
      const left = this.#client.del(this.#holderKey).then(() => this.#queue.close());
      await inTime(LEAVE_LIMIT, left, LATE).catch(() => undefined);
    } finally {
      this.#closeConnection();
    }
  }
}

/** The record that a worker has returned, or that of an archive that no worker could inspect. */
function recordIn({ data, returnvalue, failedReason }: Job<unknown, unknown>): SweepRecord {
  const record = sweptRecord(returnvalue);
  if (record !== undefined) return record;
  const item = isSweptArchive(data) ? data.item : 'an unknown archive';
  const message = failedReason ?? 'the worker has returned no result';
  return failureRecord(item, { code: 'CRASHED', message });
}

class LeavingWorker extends Worker {
  /** Ends the timers that would keep the process alive if `close` waits for a queue that is away. */
  async leave(): Promise<void> {
    await this.lockManager.close();
    this['stalledCheckStopper']?.();
  }
}

/**
 * @returns A function that resolves when the archives of this worker are done.
 * @throws UsageError if the queue does not answer.
 */
export async function startSweepWorker(options: SweepWorkerOptions): Promise<() => Promise<void>> {
  const { name, concurrency, run, onError } = options;
  const { client, close } = connected(options);
  const running = new Set<Promise<SweepRecord>>();
  const worker = new LeavingWorker(
    name,
    async ({ id, data, attemptsMade }: Job<unknown>) => {
      // Another program may have rewritten the archive in the queue. Its result must not count as that of this archive.
      if (!isSweptArchive(data) || archiveId(data) !== id)
        throw new UnrecoverableError('the archive in the queue is not the one of its id');
      const inspected = run(data, attemptsMade + 1 >= ATTEMPTS);
      running.add(inspected);
      return inspected.finally(() => running.delete(inspected));
    },
    {
      connection: client as never,
      concurrency,
      lockDuration: LOCK,
      stalledInterval: LOCK,
      maxStalledCount: STALLED_MAX,
      runRetryDelay: AWAY,
    },
  );
  worker.on('error', onError);
  const leave = async (): Promise<void> => {
    const closed = worker.close().catch(() => undefined);
    await Promise.allSettled(running);
    // Do not wait for a queue that is away. It gives archives whose end it did not see to another worker.
    await inTime(LEAVE_LIMIT, closed, LATE).catch(() => undefined);
    await worker.leave();
    close();
  };
  try {
    await ready(options.address, worker.waitUntilReady());
  } catch (error) {
    await leave();
    throw error;
  }
  return leave;
}
