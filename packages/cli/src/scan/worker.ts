import { parentPort, workerData } from 'node:worker_threads';
import type { ScanResult } from '@tarwarden/core/report';
import { judgeInput, type Job } from './judge-file.ts';
import { Listed, type Stretch } from './listed.ts';
import { Tickets, UNTOLD } from './tickets.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly job: Job;
  readonly tickets: SharedArrayBuffer;
  /** Its number among the threads. */
  readonly thread: number;
}

/** What a thread tells: the numbers of inputs and what came of them. */
export type Told = readonly (readonly [ticket: number, result: ScanResult])[];

/** Results wait no longer than this for others to be told of together, in milliseconds. */
const TELL_AFTER = 50;

/**
 * The other side of `startThreads`: inputs come in, and what came of those that this thread took goes out.
 *
 * @param judge For tests.
 */
export function serve(judge: typeof judgeInput = judgeInput): void {
  const { job, tickets: buffer, thread } = workerData as ThreadData;
  const tickets = new Tickets(buffer);
  const listed = new Listed();
  let untold: (readonly [number, ScanResult])[] = [];
  let toldAt = performance.now();
  let ticket: number | undefined;

  function tell(): void {
    if (untold.length > 0) parentPort?.postMessage(untold satisfies Told);
    untold = [];
    toldAt = performance.now();
    tickets.told(thread, ticket);
  }

  parentPort?.on('message', (stretch: Stretch) => {
    listed.add(stretch);
    for (;;) {
      ticket ??= tickets.takeAs(thread);
      if (ticket >= listed.end) break;
      untold.push([ticket, judge(listed.at(ticket), job)]);
      ticket = undefined;
      if (untold.length === UNTOLD || performance.now() - toldAt > TELL_AFTER) tell();
    }
    tell();
  });
}
