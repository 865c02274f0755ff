/* Limits the archives that the inspecting threads have, so that the archives of one client keep no other client waiting for long. */
import { availableParallelism } from 'node:os';
import { Turns } from '../serving/turns.ts';

/** The most bytes of archives that the threads have, half of them for one client: each thread reads its whole archive. */
const BYTES_MAX = 128 * 1024 * 1024;
/** The most archives for each thread, half of them of one client. With fewer, a thread would wait for its next archive. */
const FOR_EACH_THREAD = 4;
const THREADS_MAX = 8;

export class InspectionTurns {
  readonly #archives = new Turns({
    places: FOR_EACH_THREAD * Math.min(availableParallelism(), THREADS_MAX),
    waitingMax: Infinity,
  });
  readonly #bytes = new Turns({ places: BYTES_MAX, waitingMax: Infinity });

  /** How many archives wait for a thread. */
  get waiting(): number {
    return this.#archives.waiting + this.#bytes.waiting;
  }

  /** Inspects an archive of so many bytes when the threads have room. */
  async run<Result>(
    { bytes, client }: { readonly bytes: number; readonly client: string | undefined },
    inspect: () => Promise<Result>,
  ): Promise<Result> {
    // One archive takes at most the part of one client, so that there is room for an archive of another client.
    const size = Math.min(bytes, BYTES_MAX / 2);
    return this.#archives.run(async () => this.#bytes.run(inspect, { client, size }), { client });
  }
}
