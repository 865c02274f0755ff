/* A run of a sweep: it puts archives into the queue, and writes the results of the workers. */
import { setTimeout as wait } from 'node:timers/promises';
import { unlessAborted } from '../serving/unless-aborted.ts';
import { archiveId, type Planned, type SweptArchive } from './archive.ts';
import type { FinishedArchive, SweepQueue } from './queue.ts';
import type { SweepResults } from './results.ts';

export interface SweepOptions {
  readonly planned: AsyncIterable<Planned>;
  readonly queue: Pick<SweepQueue, 'add' | 'finished' | 'isEmpty' | 'remove'>;
  readonly results: Pick<SweepResults, 'has' | 'write'>;
  /** Stops the run. */
  readonly signal: AbortSignal;
  /** Called after each look at the queue, with the number of archives that are in it. */
  readonly onProgress: (open: number) => void;
}

/** The most archives in the queue: less than 100 MB of Redis. */
const OPEN_MAX = 10_000;
/** The most archives that are added at once. */
const BULK = 500;
/** Milliseconds between two looks at the queue. */
const LOOK = 100;

export class Sweep {
  readonly #options: SweepOptions;
  /** Archives that are in the queue, by their ids. */
  readonly #open = new Map<string, SweptArchive>();
  /** Packages whose archives are not known, which are not written yet. */
  #failed: FinishedArchive[] = [];
  #isPlanned = false;
  /** Results are written one after another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  /**
   * Resolves when all archives have a result, or earlier when it is stopped.
   * @returns Whether all archives have a result.
   */
  async run(): Promise<boolean> {
    const { signal } = this.#options;
    const planning = this.#plan().finally(() => (this.#isPlanned = true));
    // An error ends the run after the archives that are in the queue.
    planning.catch(() => undefined);
    try {
      while (!(this.#isPlanned && this.#open.size === 0 && this.#failed.length === 0)) {
        signal.throwIfAborted();
        await unlessAborted(this.collect(), signal);
        await wait(LOOK, undefined, { signal });
      }
      await planning;
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  /** Writes the results of archives that are finished. */
  async collect(): Promise<void> {
    const collected = this.#last.then(() => this.#collect());
    this.#last = collected.catch(() => undefined);
    return collected;
  }

  async #collect(): Promise<void> {
    const { queue, results, onProgress } = this.#options;
    const finished = await queue.finished();
    await results.write([...this.#failed.splice(0), ...finished]);
    // A result is in the file before it leaves the queue. If the run is killed in between, the file has its id.
    await queue.remove(finished.map(({ id }) => id));
    for (const { id } of finished) this.#open.delete(id);
    // Redis has come back with nothing in it.
    if (finished.length === 0 && this.#open.size > 0 && (await queue.isEmpty()))
      await queue.add([...this.#open.values()]);
    onProgress(this.#open.size);
  }

  async #plan(): Promise<void> {
    const { planned, queue, results, signal } = this.#options;
    let batch: SweptArchive[] = [];
    const give = async (): Promise<void> => {
      for (const archive of batch) this.#open.set(archiveId(archive), archive);
      await unlessAborted(queue.add(batch), signal);
      batch = [];
      while (this.#open.size >= OPEN_MAX) await wait(LOOK, undefined, { signal });
    };
    for await (const next of planned) {
      signal.throwIfAborted();
      if ('record' in next) this.#failed.push(next);
      else if (!results.has(archiveId(next.archive))) batch.push(next.archive);
      if (batch.length >= BULK) await give();
    }
    await give();
  }
}
