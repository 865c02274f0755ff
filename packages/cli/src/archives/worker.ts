/* The code of one thread of a scan. The protocol is in pool.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ScanResult } from '@tarwarden/core/report';
import { Counter, MAX_UNREPORTED } from './counter.ts';
import { inspectInput, type FileInspection } from './inputs.ts';
import { InputWindow, type Batch } from './window.ts';

/** The data that a thread is started with. */
export interface ThreadData {
  readonly inspection: FileInspection;
  /** Memory of the {@link Counter}. */
  readonly counter: SharedArrayBuffer;
  /** The thread's number among the threads. */
  readonly thread: number;
}

/** The message of a thread: tickets, and the results of their inputs. */
export type ThreadReport = readonly (readonly [ticket: number, result: ScanResult])[];

/** Milliseconds that a result may wait to be reported together with others. */
const REPORT_AFTER = 50;

/**
 * Inspects the listed inputs of the tickets that this thread takes, and reports the results.
 *
 * @param inspect A test can replace it.
 */
export function serve(inspect: typeof inspectInput = inspectInput): void {
  const { inspection, counter: buffer, thread } = workerData as ThreadData;
  const counter = new Counter(buffer);
  const window = new InputWindow();
  let unreported: (readonly [number, ScanResult])[] = [];
  let reportedAt = performance.now();
  /** A ticket that was taken and is not inspected yet. Its input may come with the next batch. */
  let ticket: number | undefined;

  function report(): void {
    if (unreported.length > 0) parentPort?.postMessage(unreported satisfies ThreadReport);
    unreported = [];
    reportedAt = performance.now();
    counter.reported(thread, ticket);
  }

  parentPort?.on('message', (batch: Batch) => {
    window.add(batch);
    for (;;) {
      ticket ??= counter.takeFor(thread);
      if (ticket >= window.end) break;
      unreported.push([ticket, inspect(window.at(ticket), inspection)]);
      ticket = undefined;
      if (unreported.length === MAX_UNREPORTED || performance.now() - reportedAt > REPORT_AFTER)
        report();
    }
    report();
  });
}
