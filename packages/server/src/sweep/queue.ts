/* Distributes archives to workers, by BullMQ on Redis or Valkey. It may be lost: the run knows which archives are open. */
import { hash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { isRecord } from '@tarwarden/core/metadata';
import { inTime } from '@tarwarden/host';
import { Queue, UnrecoverableError, Worker, type Job, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import {
  archiveId,
  failureRecord,
  isSweptArchive,
  type SweepRecord,
  type SweptArchive,
} from './archive.ts';
import { SweepUsageError } from './failure.ts';

export interface SweepQueueOptions {
  /** `redis://` or `rediss://`. */
  readonly address: string;
  /** The same for all processes that work on the sweep under the same rules and policy. */
  readonly name: string;
  /** Called for broken connections. They recover by themselves. */
  readonly onError: (error: Error) => void;
}

export interface RunQueueOptions extends SweepQueueOptions {
  /** Distinguishes the list or cache from those of other runs. */
  readonly source: string;
}

export interface SweepWorkerOptions extends SweepQueueOptions {
  /** The most archives at once. */
  readonly concurrency: number;
  /** Seconds after which the archives of a missing worker go to another worker. */
  readonly lockSeconds: number;
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
  close(): void;
} {
  if (!/^rediss?:\/\//.test(address) || !URL.canParse(address))
    throw new SweepUsageError('--queue must be redis://HOST or rediss://HOST');
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

/** The queue as the run uses it. One run uses it at a time. */
export class SweepQueue {
  readonly #name: string;
  readonly #client: Redis;
  readonly #queue: Queue;
  readonly #closeConnection: () => void;
  readonly #holder: string = randomUUID();
  /** The name of the jobs of this sweep: a run of another list may have left jobs in the queue. */
  readonly #jobName: string;

  private constructor(options: RunQueueOptions) {
    const { client, close } = connected(options);
    this.#name = options.name;
    this.#jobName = hash('sha256', options.source).slice(0, 40);
    this.#client = client;
    this.#closeConnection = close;
    this.#queue = new Queue(options.name, { connection: client as never });
    this.#queue.on('error', options.onError);
  }

  /** @throws SweepUsageError if the queue does not answer, or if another run uses it. */
  static async open(options: RunQueueOptions): Promise<SweepQueue> {
    const queue = new SweepQueue(options);
    try {
      await inTime(READY_LIMIT, queue.#queue.waitUntilReady(), LATE);
      await queue.#hold();
      return queue;
    } catch (error) {
      queue.#closeConnection();
      throw error;
    }
  }

  get #holderKey(): string {
    return `${this.#name}:run`;
  }

  async #hold(): Promise<void> {
    for (let waited = 0; waited <= HELD_FOR; waited += LOOK) {
      const held = await this.#client.set(this.#holderKey, this.#holder, 'PX', HELD_FOR, 'NX');
      if (held !== null) return;
      await wait(LOOK);
    }
    throw new SweepUsageError('another run works on the sweep of this --name');
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
    await this.#client.set(this.#holderKey, this.#holder, 'PX', HELD_FOR);
    const jobs = (await this.#queue.getJobs(['completed', 'failed'], 0, PAGE - 1)) as (
      | Job<unknown, unknown>
      | undefined
    )[];
    return jobs.flatMap((job) =>
      job?.id === undefined
        ? []
        : [{ id: job.id, record: job.name === this.#jobName ? recordIn(job) : undefined }],
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
  if (isRecord(returnvalue) && /^(?:accept|reject|error)$/.test(String(returnvalue['status'])))
    return returnvalue as unknown as SweepRecord;
  const item = isSweptArchive(data) ? data.item : 'an unknown archive';
  const message = failedReason ?? 'the worker has returned no result';
  return failureRecord(item, { code: 'CRASHED', message });
}

export interface SweepWorker {
  /** Resolves when the archives of this worker are done. */
  close(): Promise<void>;
}

class LeavingWorker extends Worker {
  /** Ends the timers that would keep the process alive if `close` waits for a queue that is away. */
  async leave(): Promise<void> {
    await this.lockManager.close();
    this['stalledCheckStopper']?.();
  }
}

/** @throws Error if the queue does not answer. */
export async function startSweepWorker(options: SweepWorkerOptions): Promise<SweepWorker> {
  const { name, concurrency, lockSeconds, run, onError } = options;
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
      lockDuration: lockSeconds * 1000,
      stalledInterval: lockSeconds * 1000,
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
    await inTime(READY_LIMIT, worker.waitUntilReady(), LATE);
  } catch (error) {
    await leave();
    throw error;
  }
  return { close: leave };
}
