/*
 * The ledger in the memory of one server: it reads the lines of the home, follows it, and appends to it. A line that does not follow makes
 * the whole ledger unbelievable: then no approval counts until the home has the right lines again.
 */
import {
  ChainError,
  chainLine,
  EMPTY_CHAIN,
  LINE_BYTES_MAX,
  readChainLine,
  type ChainEnd,
} from './chain.ts';
import type { ApprovalEvent } from './events.ts';
import type { RefusalHome } from './refusals.ts';
import { Requests } from './requests.ts';
import { ApprovalError } from './service.ts';

/** Where the lines are: a folder, or PostgreSQL. */
export interface LedgerHome {
  /** Complete lines from this number on, in order. It may return fewer than there are, but at least one if there is one. */
  read(from: number): Promise<readonly string[]>;
  /** Adds a line if its number is the next one. False if another server has added one meanwhile. */
  append(number: number, line: string): Promise<boolean>;
  /** Calls back when another server may have added a line. */
  onAdded(callback: () => void): void;
  readonly refusals: RefusalHome;
  close(): Promise<void>;
}

/** Milliseconds between two looks at the home. */
const LOOK_EVERY = 500;
/** Milliseconds for which approvals count although the home cannot be read, so that a restart of the database stops no install. */
const UNREAD_MAX = 10 * 60_000;
/** The most lines, and the most bytes of all lines: they are in memory. */
const LINES_MAX = 200_000;
const BYTES_MAX = 256 * 1024 * 1024;
/** The part of both that requests may fill, so that approvers can always decline and revoke. */
const PART_FOR_REQUESTS = 0.75;
/** The most tries to append, while other servers append as well. */
const TRIES_MAX = 20;
/** The most events that wait for their turn: a home that does not answer keeps each of them for seconds. */
const APPENDS_MAX = 100;

/** The ledger is not believed or cannot be reached, so nothing can be decided. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

/** The log has the problem, which may name hosts that people outside need not know. */
export function unusable(cause: unknown): LedgerError {
  return new LedgerError('the ledger cannot be read or is not believed', { cause });
}

interface Memory {
  readonly requests: Requests;
  readonly end: ChainEnd;
  /** The hash of the first line, which names the ledger. */
  readonly first: string;
  /** The last line itself. */
  readonly last: string;
  readonly bytes: number;
}

const EMPTY = (): Memory => ({
  requests: new Requests(),
  end: EMPTY_CHAIN,
  first: EMPTY_CHAIN.hash,
  last: '',
  bytes: 0,
});

export class ApprovalLedger {
  readonly #home: LedgerHome;
  readonly #onProblem: (problem: string) => void;
  readonly #bytesMax: number;
  #memory: Memory;
  #problem: string | undefined;
  /** Whether the lines of the home contradict each other or those that were read before. */
  #isBroken = false;
  #readAt = performance.now();
  #queue: Promise<unknown> = Promise.resolve();
  /** A reading that has not begun. */
  #waiting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** Events that wait for their turn. */
  #appends = 0;

  private constructor(home: LedgerHome, onProblem: (problem: string) => void, bytesMax: number) {
    this.#home = home;
    this.#memory = EMPTY();
    this.#onProblem = onProblem;
    this.#bytesMax = bytesMax;
  }

  /**
   * Reads all lines, and follows the home from then on.
   * @param onProblem Called when the ledger becomes unreadable or unbelievable, or cannot be written.
   * @param bytesMax The most bytes of all lines that are written.
   * @throws the errors of the home if it cannot be read. A ledger that is not believed is opened, and says so.
   */
  static async open(
    home: LedgerHome,
    onProblem: (problem: string) => void,
    bytesMax = BYTES_MAX,
  ): Promise<ApprovalLedger> {
    const ledger = new ApprovalLedger(home, onProblem, bytesMax);
    try {
      await ledger.#readOn(ledger.#memory, EMPTY_CHAIN);
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      ledger.#fail(error);
    }
    home.onAdded(() => void ledger.refresh());
    ledger.#look();
    return ledger;
  }

  /** The problem, in a sentence; undefined if the approvals count. */
  get problem(): string | undefined {
    const isOld = performance.now() - this.#readAt > UNREAD_MAX;
    return this.#isBroken || isOld ? (this.#problem ?? 'the ledger was not read') : undefined;
  }

  /** Whether its lines are believed, as far as they were read. */
  get isBelieved(): boolean {
    return !this.#isBroken;
  }

  /** Whether the last try to read it was successful. */
  get isRead(): boolean {
    return this.#problem === undefined;
  }

  /** Undefined while the ledger is not believed. */
  get requests(): Requests | undefined {
    return this.problem === undefined ? this.#memory.requests : undefined;
  }

  /** The number of the last line, and the hash of the first line, which names the ledger. */
  get position(): { readonly number: number; readonly ledger: string } {
    const { end, first } = this.#memory;
    return { number: end.number, ledger: first };
  }

  /** Reads what was added. Calls that wait share one reading. Never rejects. */
  async refresh(): Promise<void> {
    this.#waiting ??= this.#inTurn(async () => {
      this.#waiting = undefined;
      await this.#refresh();
    }).catch(() => undefined);
    await this.#waiting;
  }

  /**
   * Appends the event that `decide` returns for the newest requests. It is called again if another server was faster.
   * @returns The number of the line.
   * @throws what `decide` throws, and LedgerError if nothing can be written.
   */
  async append(decide: (requests: Requests) => ApprovalEvent): Promise<number> {
    if (this.#appends >= APPENDS_MAX)
      throw new LedgerError('too many others wait for the ledger: try again later');
    this.#appends += 1;
    const appending = this.#inTurn(async () => this.#append(decide));
    return appending.finally(() => (this.#appends -= 1));
  }

  async #append(decide: (requests: Requests) => ApprovalEvent): Promise<number> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      await this.#refresh();
      const { requests, end, bytes } = this.#memory;
      if (this.#problem !== undefined) throw unusable(this.#problem);
      const event = decide(requests);
      const line = chainLine(end, event);
      const part = event.kind === 'requested' ? PART_FOR_REQUESTS : 1;
      if (end.number >= LINES_MAX * part || bytes + line.length > this.#bytesMax * part)
        throw new LedgerError('the ledger is full: start a new one');
      if (Buffer.byteLength(line) > LINE_BYTES_MAX)
        throw new ApprovalError(409, 'this is too long for the ledger: write a shorter reason');
      // The line has to be one that every server can read.
      readChainLine(line, end);
      if (!(await this.#written(end.number + 1, line))) continue;
      await this.#refresh();
      return end.number + 1;
    }
    throw new LedgerError('other servers write to the ledger all the time');
  }

  /** @throws LedgerError. The log has the reason. */
  async #written(number: number, line: string): Promise<boolean> {
    try {
      return await this.#home.append(number, line);
    } catch (error) {
      if (error instanceof LedgerError) throw error;
      this.#onProblem(`the ledger cannot be written: ${wordsOf(error)}`);
      throw new LedgerError('the ledger cannot be written', { cause: error });
    }
  }

  /** Every line of the home, as it is. */
  async *lines(): AsyncGenerator<string> {
    const last = this.#memory.end.number;
    for (let next = 1; next <= last;) {
      const lines = await this.#home.read(next);
      if (lines.length === 0) return;
      yield* lines.slice(0, last - next + 1);
      next += lines.length;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#queue;
    await this.#home.close();
  }

  #look(): void {
    this.#timer = setTimeout(() => {
      void this.refresh().then(() => {
        if (!this.#isClosed) this.#look();
      });
    }, LOOK_EVERY).unref();
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #refresh(): Promise<void> {
    try {
      // A ledger that was not believed is read from its beginning. It still has to contain the lines that were believed.
      const before = this.#memory.end;
      const memory = await this.#readOn(this.#isBroken ? EMPTY() : this.#memory, before);
      if (memory.end.number < before.number)
        throw new ChainError(`the ledger has lost lines after line ${memory.end.number}`);
      this.#memory = memory;
      this.#isBroken = false;
      this.#problem = undefined;
      this.#readAt = performance.now();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Reads on after the lines of a memory, and returns the memory with them. The last line is read once more: it has to be the same. */
  async #readOn(start: Memory, known: ChainEnd): Promise<Memory> {
    let memory = start;
    const last = start.end.number > 0 ? await this.#home.read(start.end.number) : [];
    if (start.end.number > 0 && last[0] !== start.last)
      throw new ChainError(`line ${start.end.number} of the ledger is gone or was changed`);
    let lines = last.slice(1);
    for (;;) {
      // The requests are changed in place, so keep their end with them, whatever fails later.
      if (lines.length > 0) memory = withLines(memory, lines, known);
      if (memory.requests === this.#memory.requests) this.#memory = memory;
      lines = [...(await this.#home.read(memory.end.number + 1))];
      if (lines.length === 0) return memory;
    }
  }

  #fail(error: unknown): void {
    const why = wordsOf(error);
    const problem = error instanceof ChainError ? why : `the ledger cannot be read: ${why}`;
    if (error instanceof ChainError) this.#isBroken = true;
    if (problem !== this.#problem) this.#onProblem(problem);
    this.#problem = problem;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @throws ChainError. The memory is then of no use, because its requests are changed. */
function withLines(
  { requests, end: before, first: firstBefore, bytes: had }: Memory,
  lines: readonly string[],
  known: ChainEnd,
): Memory {
  let [end, first, bytes] = [before, firstBefore, had];
  for (const line of lines) {
    const read = readChainLine(line, end);
    if (read.end.number === known.number && read.end.hash !== known.hash)
      throw new ChainError(`line ${known.number} of the ledger was changed`);
    requests.add(read.event, read.end.number);
    end = read.end;
    if (end.number === 1) first = end.hash;
    bytes += line.length;
    if (end.number > LINES_MAX || bytes > BYTES_MAX * 2)
      throw new ChainError('the ledger has too many lines');
  }
  return { requests, end, first, last: lines.at(-1)!, bytes };
}
