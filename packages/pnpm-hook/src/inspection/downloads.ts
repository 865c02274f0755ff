/* How many downloads run at once. */
import { readFileSync } from 'node:fs';

/** pnpm 12 uses the same number. */
const DOWNLOADS = 64;
/** One download is allowed for each eight files that this process may have open. A download has a socket and, later, a file. */
const SHARE = 8;

/** The number of downloads at once, which is smaller if `ulimit -n` is small. */
export function downloadsAtOnce(limits: string | undefined = readLimits()): number {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits ?? '') ?? [];
  return soft === undefined
    ? DOWNLOADS
    : Math.min(DOWNLOADS, Math.max(1, Math.floor(Number(soft) / SHARE)));
}

function readLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined;
  }
}

/** Runs at most `limit` tasks at once, in the order in which they came. */
export class DownloadQueue {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  get size(): number {
    return this.#running + this.#waiting.length;
  }

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#limit)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
