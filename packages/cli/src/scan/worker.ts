/* What one thread of a scan does; see pool.ts for the protocol. */
import { parentPort, workerData } from 'node:worker_threads';
import type { InspectOptions } from '@tarwarden/core';
import type { ScanResult } from '@tarwarden/core/report';
import { Counter, MAX_UNREPORTED } from './counter.ts';
import { inspectInput } from './inputs.ts';
import { Window, type Batch } from './window.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly job: InspectOptions;
  /** Memory of the {@link Counter}. */
  readonly counter: SharedArrayBuffer;
  /** Its number among the threads. */
  readonly thread: number;
}

/** The message of a thread: tickets, and the results of their inputs. */
export type Report = readonly (readonly [ticket: number, result: ScanResult])[];

/** Results wait no longer than this to be reported together, in milliseconds. */
const REPORT_AFTER = 50;

/**
 * Inspects the inputs of the tickets that this thread takes, as far as they are listed, and reports the results.
 *
 * @param inspect For tests.
 */
export function serve(inspect: typeof inspectInput = inspectInput): void {
  const { job, counter: buffer, thread } = workerData as ThreadData;
  const counter = new Counter(buffer);
  const window = new Window();
  let unreported: (readonly [number, ScanResult])[] = [];
  let reportedAt = performance.now();
  /** Taken, and not inspected yet: its input may come with the next batch. */
  let ticket: number | undefined;

  function report(): void {
    if (unreported.length > 0) parentPort?.postMessage(unreported satisfies Report);
    unreported = [];
    reportedAt = performance.now();
    counter.reported(thread, ticket);
  }

  parentPort?.on('message', (batch: Batch) => {
    window.add(batch);
    for (;;) {
      ticket ??= counter.takeFor(thread);
      if (ticket >= window.end) break;
      unreported.push([ticket, inspect(window.at(ticket), job)]);
      ticket = undefined;
      if (unreported.length === MAX_UNREPORTED || performance.now() - reportedAt > REPORT_AFTER)
        report();
    }
    report();
  });
}
