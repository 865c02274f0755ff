/* A ledger, a queue and a source in memory. */
import type { Part, SweepSource } from '../../../../packages/server/src/sweep/sources/source.ts';
import type { SweepOptions } from '../../../../packages/server/src/sweep/sweep.ts';
import type { SweepTask } from '../../../../packages/server/src/sweep/tasks.ts';

type LedgerOfSweep = SweepOptions['ledger'];
type Written = Parameters<LedgerOfSweep['write']>;

export class MemoryLedger implements LedgerOfSweep {
  readonly cursors = new Map<string, string>();
  readonly open = new Map<string, SweepTask>();
  readonly failed: Written[1][number][] = [];

  cursor(source: string): Promise<string | undefined> {
    return Promise.resolve(this.cursors.get(source));
  }
  forgetCursor(source: string): Promise<void> {
    this.cursors.delete(source);
    return Promise.resolve();
  }
  outstanding(): Promise<number> {
    return Promise.resolve(this.open.size);
  }
  plan(...[{ place }, tasks, seq]: Parameters<LedgerOfSweep['plan']>): Promise<void> {
    for (const task of tasks) this.open.set(task.id, task);
    this.cursors.set(place, seq);
    return Promise.resolve();
  }
  tasks(_source: string, after: string, count: number): Promise<SweepTask[]> {
    const sorted = [...this.open.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
    return Promise.resolve(sorted.filter(({ id }) => id > after).slice(0, count));
  }
  write(...[, results, done]: Written): Promise<void> {
    this.failed.push(...results);
    if (done !== undefined) this.open.delete(done.task.id);
    return Promise.resolve();
  }
}

/** A queue with a worker that does a task whenever somebody looks. */
export class MemoryQueue {
  readonly waiting = new Map<string, SweepTask>();
  most = 0;
  lost = 0;
  failing: string | undefined;
  readonly #failed: { task: SweepTask; reason: string }[] = [];
  readonly #ledger: MemoryLedger;

  constructor(ledger: MemoryLedger) {
    this.#ledger = ledger;
  }

  add(tasks: readonly SweepTask[]): Promise<void> {
    for (const task of tasks) this.waiting.set(task.id, task);
    this.most = Math.max(this.most, this.waiting.size);
    return Promise.resolve();
  }
  counts(): Promise<{ waiting: number; open: number }> {
    if (this.lost > 0) {
      this.lost -= 1;
      this.waiting.clear();
    }
    for (const [id, task] of [...this.waiting].slice(0, 500)) {
      this.waiting.delete(id);
      if (task.kind === 'package' && task.name === this.failing)
        this.#failed.push({ task, reason: 'job stalled more than allowable limit' });
      else this.#ledger.open.delete(id);
    }
    return Promise.resolve({ waiting: this.waiting.size, open: this.waiting.size });
  }
  takeFailed(): Promise<{ task: SweepTask; reason: string }[]> {
    return Promise.resolve(this.#failed.splice(0));
  }
}

export const work = (name: string): Part['works'][number] => ({ kind: 'package', name });

export function sourceOf(
  parts: readonly Part[],
  isEndless = false,
): SweepSource & { asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    id: 'list:x',
    isEndless,
    asked,
    // oxlint-disable-next-line require-await -- as a source that reads
    async *parts(after) {
      asked.push(after);
      yield* parts;
    },
  };
}
