/* The queue: who does which task now. BullMQ, on Redis (or Valkey) or on PostgreSQL. It may be lost: the ledger knows what is to be done. */
import { setTimeout as wait } from 'node:timers/promises';
import { RULESET } from '@tarwarden/core';
import { inTime } from '@tarwarden/host';
import {
  createPostgresBackend,
  Queue,
  Worker,
  type Job,
  type JobsOptions,
  type QueueBaseOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import { SteadyClient } from './steady-client.ts';
import { isTask, type SweepTask } from './tasks.ts';

export interface QueueOptions {
  /** `redis://`, `rediss://` or `postgres://`. */
  readonly address: string;
  /** Name of the sweep. */
  readonly name: string;
  /** Connections that break, and jobs that are lost. They come back by themselves. */
  readonly onError: (error: Error) => void;
}

export interface WorkerOptions extends QueueOptions {
  /** Tasks at once. */
  readonly concurrency: number;
  /** Seconds after which a task of a worker that is gone is given to another. */
  readonly lockSeconds: number;
  /** Tasks in a second, by all workers together. */
  readonly perSecond?: number | undefined;
  /** Does a task. `isLast`: it is not tried again. Throws what is to be tried again. */
  readonly run: (task: SweepTask, isLast: boolean) => Promise<unknown>;
  /** A task was left by a worker that is gone, and is given to another. */
  readonly onStalled?: (() => void) | undefined;
}

/** How often a task is tried, and how often it may be left by workers that die. */
const ATTEMPTS = 5;
const STALLED_MAX = 3;
/** Before the second try; twice as long before each further one. Milliseconds. */
const BACKOFF = 2_000;
/** Before a server that is away is asked again. Milliseconds. */
const AWAY = 2_000;
/** For the queue to answer at first. Milliseconds. */
const READY_LIMIT = 8_000;
const LATE = `the queue did not answer within ${READY_LIMIT / 1000} s`;
/** For a worker with nothing to do to say good-bye to the queue, and between two looks at it. Milliseconds. */
const LEAVE_LIMIT = 5_000;
const LOOK = 100;
/** Tables of the queue in PostgreSQL. */
const SCHEMA = 'tarwarden_queue';

/** States of jobs that are not at their end. */
const OPEN = ['wait', 'delayed', 'prioritized', 'active'] as const;

const JOB: JobsOptions = {
  attempts: ATTEMPTS,
  backoff: { type: 'exponential', delay: BACKOFF, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: false,
};

/** An address of a queue that is none. */
export class QueueAddressError extends Error {}

/** A way to the queue, and how it is left. */
interface Connection {
  readonly kind: 'redis' | 'postgres';
  readonly options: QueueBaseOptions;
  close(): void;
}

function connect({ address, onError }: QueueOptions): Connection {
  if (/^postgres(?:ql)?:\/\//.test(address)) {
    // Without `migrate`, a worker would repeat the error for ever.
    const tables = { schema: SCHEMA, migrate: true };
    const connection = { connectionString: address, Client: SteadyClient, ...tables };
    return { kind: 'postgres', options: { connection } as never, close: () => undefined };
  }
  if (!/^rediss?:\/\//.test(address) || !URL.canParse(address))
    throw new QueueAddressError('the queue must be redis://…, rediss://… or postgres://…');
  // As BullMQ asks for: commands wait for a server that is away.
  const client = new Redis(address, { maxRetriesPerRequest: null });
  client.on('error', onError);
  const all = [client];
  // A worker makes one more, and cannot leave it while the server is away.
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (...args) => {
    const copy = duplicate(...args);
    all.push(copy);
    return copy;
  };
  return {
    kind: 'redis',
    options: { connection: client as never },
    close: () => {
      for (const connection of all) connection.disconnect();
    },
  };
}

const backendOf = ({ kind }: Connection): typeof createPostgresBackend | undefined =>
  kind === 'postgres' ? createPostgresBackend : undefined;

export class TaskQueue {
  readonly #queue: Queue;
  readonly #connection: Connection;

  private constructor(options: QueueOptions) {
    this.#connection = connect(options);
    this.#queue = new Queue(
      queueName(options.name),
      this.#connection.options,
      backendOf(this.#connection) as never,
    );
    this.#queue.on('error', options.onError);
  }

  /** @throws Error where the queue does not answer. */
  static async open(options: QueueOptions): Promise<TaskQueue> {
    const queue = new TaskQueue(options);
    try {
      await inTime(READY_LIMIT, queue.#queue.waitUntilReady(), LATE);
      return queue;
    } catch (error) {
      void queue.close().catch(() => undefined);
      throw error;
    }
  }

  /** Tasks that are in the queue already are left as they are. */
  async add(tasks: readonly SweepTask[]): Promise<void> {
    if (tasks.length === 0) return;
    await this.#queue.addBulk(
      tasks.map((task) => ({ name: task.kind, data: task, opts: { ...JOB, jobId: task.id } })),
    );
  }

  /** Tasks that wait, and those that wait or are being done. */
  async counts(): Promise<{ readonly waiting: number; readonly open: number }> {
    const { active = 0, ...others } = await this.#queue.getJobCounts(...OPEN);
    const waiting = Object.values(others).reduce((sum, count) => sum + count, 0);
    return { waiting, open: waiting + active };
  }

  /** Tasks by what becomes of them. */
  async states(): Promise<Readonly<Record<'waiting' | 'delayed' | 'active' | 'failed', number>>> {
    const counts = await this.#queue.getJobCounts(...OPEN, 'failed');
    const { wait = 0, prioritized = 0, delayed = 0, active = 0, failed = 0 } = counts;
    return { waiting: wait + prioritized, delayed, active, failed };
  }

  /** As the board reads it. */
  get bull(): Queue {
    return this.#queue;
  }

  /** Takes out what was tried to the end, or left by too many workers. */
  async takeFailed(): Promise<{ readonly task: SweepTask; readonly reason: string }[]> {
    const jobs = (await this.#queue.getFailed(0, 99)) as (Job | undefined)[];
    const failed: { task: SweepTask; reason: string }[] = [];
    for (const job of jobs) {
      if (job === undefined) continue;
      if (isTask(job.data)) failed.push({ task: job.data, reason: job.failedReason });
      await job.remove();
    }
    return failed;
  }

  async close(): Promise<void> {
    await this.#queue.close();
    this.#connection.close();
  }
}

export interface TaskWorker {
  /** Resolves when what it is doing is done. */
  close(): Promise<void>;
}

class LeavingWorker extends Worker {
  /** Ends the timers that would keep the process alive where `close` waits for a queue that is away. */
  async leave(): Promise<void> {
    await this.lockManager.close();
    this['stalledCheckStopper']?.();
  }
}

export async function startWorker(options: WorkerOptions): Promise<TaskWorker> {
  const { name, concurrency, lockSeconds, perSecond, run, onError, onStalled } = options;
  const connection = connect(options);
  let running = 0;
  const worker = new LeavingWorker(
    queueName(name),
    async (job: Job) => {
      if (!isTask(job.data)) throw new Error('it is not a task');
      running += 1;
      try {
        await run(job.data, job.attemptsMade + 1 >= ATTEMPTS);
      } finally {
        running -= 1;
      }
    },
    {
      ...connection.options,
      concurrency,
      lockDuration: lockSeconds * 1000,
      stalledInterval: lockSeconds * 1000,
      maxStalledCount: STALLED_MAX,
      runRetryDelay: AWAY,
      ...(perSecond !== undefined && { limiter: { max: perSecond, duration: 1000 } }),
    },
    backendOf(connection) as never,
  );
  worker.on('error', onError);
  if (onStalled !== undefined) worker.on('stalled', onStalled);
  try {
    await inTime(READY_LIMIT, worker.waitUntilReady(), LATE);
  } catch (error) {
    void worker.close(true).catch(() => undefined);
    connection.close();
    throw error;
  }
  return {
    async close() {
      const closed = worker.close().catch(() => undefined);
      // A queue that is away is not waited for once all is done; what it has not heard is done again, and changes nothing.
      await endedOrIdle(closed, () => running === 0);
      await worker.leave();
      connection.close();
    },
  };
}

/** Until a worker has ended, or waited for its queue for too long with nothing to do. */
async function endedOrIdle(closed: Promise<void>, isIdle: () => boolean): Promise<void> {
  let isEnded = false;
  void closed.then(() => (isEnded = true));
  for (let idle = 0; !isEnded && idle < LEAVE_LIMIT; idle = isIdle() ? idle + LOOK : 0)
    await Promise.race([closed, wait(LOOK)]);
}

/** A queue for each rule set: what a worker of another version did would count as done by these rules. */
function queueName(name: string): string {
  return `tarwarden-sweep-${name}-${RULESET}`;
}
