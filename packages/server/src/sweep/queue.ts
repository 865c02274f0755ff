/* Distributes tasks to workers, by BullMQ on Redis (or Valkey) or PostgreSQL. It may be lost: the ledger knows the open tasks. */
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
  /** The name of the sweep. */
  readonly name: string;
  /** Called for broken connections and lost jobs. Both recover by themselves. */
  readonly onError: (error: Error) => void;
}

export interface WorkerOptions extends QueueOptions {
  /** The most tasks at once. */
  readonly concurrency: number;
  /** Seconds after which the task of a missing worker goes to another worker. */
  readonly lockSeconds: number;
  /** The most tasks in a second, of all workers together. */
  readonly perSecond?: number | undefined;
  /** Does a task. `isLast`: it is not retried. A thrown error means that the task is to be retried. */
  readonly run: (task: SweepTask, isLast: boolean) => Promise<unknown>;
  /** Called when a missing worker's task goes to another worker. */
  readonly onStalled?: (() => void) | undefined;
}

/** The most tries of a task, and the most times that workers may die with it. */
const ATTEMPTS = 5;
const STALLED_MAX = 3;
/** Milliseconds before the second try; the pause doubles for each further try. */
const BACKOFF = 2_000;
/** Milliseconds before a server that is away is asked again. */
const AWAY = 2_000;
/** Milliseconds for the queue's first answer. */
const READY_LIMIT = 8_000;
const LATE = `the queue did not answer within ${READY_LIMIT / 1000} s`;
/** Milliseconds for an idle worker to leave the queue, and between two checks of it. */
const LEAVE_LIMIT = 5_000;
const LOOK = 100;
/** The schema of the queue's tables in PostgreSQL. */
const SCHEMA = 'tarwarden_queue';

/** States of unfinished jobs. */
const OPEN = ['wait', 'delayed', 'prioritized', 'active'] as const;

const JOB: JobsOptions = {
  attempts: ATTEMPTS,
  backoff: { type: 'exponential', delay: BACKOFF, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: false,
};

/** The text is not the address of a queue. */
export class QueueAddressError extends Error {}

/** A connection to the queue, and the way to close it. */
interface Connection {
  readonly kind: 'redis' | 'postgres';
  readonly options: QueueBaseOptions;
  close(): void;
}

function connect({ address, onError }: QueueOptions): Connection {
  if (/^postgres(?:ql)?:\/\//.test(address)) {
    // Without `migrate`, a worker would repeat the error forever.
    const tables = { schema: SCHEMA, migrate: true };
    const connection = { connectionString: address, Client: SteadyClient, ...tables };
    return { kind: 'postgres', options: { connection } as never, close: () => undefined };
  }
  if (!/^rediss?:\/\//.test(address) || !URL.canParse(address))
    throw new QueueAddressError('the queue must be redis://…, rediss://… or postgres://…');
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
    kind: 'redis',
    options: { connection: client as never },
    close: () => {
      for (const copy of all) copy.disconnect();
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

  /** @throws Error if the queue does not answer. */
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

  /** Tasks that are already in the queue stay unchanged. */
  async add(tasks: readonly SweepTask[]): Promise<void> {
    if (tasks.length === 0) return;
    await this.#queue.addBulk(
      tasks.map((task) => ({ name: task.kind, data: task, opts: { ...JOB, jobId: task.id } })),
    );
  }

  /** The number of waiting tasks, and of waiting and running tasks together. */
  async counts(): Promise<{ readonly waiting: number; readonly open: number }> {
    const { active = 0, ...others } = await this.#queue.getJobCounts(...OPEN);
    const waiting = Object.values(others).reduce((sum, count) => sum + count, 0);
    return { waiting, open: waiting + active };
  }

  /** The number of tasks by state. */
  async states(): Promise<Readonly<Record<'waiting' | 'delayed' | 'active' | 'failed', number>>> {
    const counts = await this.#queue.getJobCounts(...OPEN, 'failed');
    const { wait = 0, prioritized = 0, delayed = 0, active = 0, failed = 0 } = counts;
    return { waiting: wait + prioritized, delayed, active, failed };
  }

  /** The queue for the board. */
  get bull(): Queue {
    return this.#queue;
  }

  /** Removes the tasks that failed in every try or that too many workers left. */
  async takeFailed(): Promise<{ readonly task: SweepTask; readonly reason: string }[]> {
    const jobs = (await this.#queue.getFailed(0, 99)) as (Job | undefined)[];
    const failed: { task: SweepTask; reason: string }[] = [];
    for (const failedTask of jobs) {
      if (failedTask === undefined) continue;
      if (isTask(failedTask.data))
        failed.push({ task: failedTask.data, reason: failedTask.failedReason });
      await failedTask.remove();
    }
    return failed;
  }

  async close(): Promise<void> {
    await this.#queue.close();
    this.#connection.close();
  }
}

export interface TaskWorker {
  /** Resolves when the current task is done. */
  close(): Promise<void>;
}

class LeavingWorker extends Worker {
  /** Ends the timers that would keep the process alive if `close` waits for a queue that is away. */
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
    async (taken: Job) => {
      if (!isTask(taken.data)) throw new Error('it is not a task');
      running += 1;
      try {
        await run(taken.data, taken.attemptsMade + 1 >= ATTEMPTS);
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
      // When all tasks are done, do not wait for a queue that is away. It repeats tasks that it did not see end, which changes nothing.
      await endedOrIdle(closed, () => running === 0);
      await worker.leave();
      connection.close();
    },
  };
}

/** Waits until a worker has ended, or has been idle for too long while its queue is away. */
async function endedOrIdle(closed: Promise<void>, isIdle: () => boolean): Promise<void> {
  let isEnded = false;
  void closed.then(() => (isEnded = true));
  for (let idle = 0; !isEnded && idle < LEAVE_LIMIT; idle = isIdle() ? idle + LOOK : 0)
    await Promise.race([closed, wait(LOOK)]);
}

/** A queue for each rule set: work of another version must not count as done by these rules. */
function queueName(name: string): string {
  return `tarwarden-sweep-${name}-${RULESET}`;
}
