/** Inspects a registry or a mirror: jobs in a queue, and a ledger of verdicts in PostgreSQL. */
export { Ledger } from './ledger/ledger.ts';
export {
  envelopesOf,
  reportOf,
  type Count,
  type ReportOptions,
  type SweepReport,
} from './ledger/report.ts';
export { QueueAddressError, startWorker, TaskQueue, type TaskWorker } from './queue.ts';
export { openSource } from './sources/open.ts';
export { SourceError, type Source } from './sources/source.ts';
export { sweep } from './sweep.ts';
export { TaskRunner, type RunnerOptions } from './task-runner.ts';
