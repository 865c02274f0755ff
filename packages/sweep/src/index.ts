/** Inspects a registry or a mirror: jobs in a queue, and a ledger of verdicts in PostgreSQL. */
export { Ledger } from './ledger/ledger.ts';
export { exportTables, TABLE_NAMES, type ExportOptions } from './export/export.ts';
export type { Sink } from './export/parquet-file.ts';
export type { TableName } from './export/tables.ts';
export { envelopesOf } from './ledger/envelopes.ts';
export {
  reportOf,
  type Count,
  type NewlyRejected,
  type ReportOptions,
  type SweepReport,
  type VerdictCounts,
} from './ledger/report.ts';
export { openBoard } from './board/open.ts';
export { isLoopbackAddress } from './http/own-host.ts';
export type { Meter } from './metrics/meter.ts';
export { openMeter } from './metrics/open.ts';
export { metricsServer } from './metrics/server.ts';
export { QueueAddressError, startWorker, TaskQueue, type TaskWorker } from './queue.ts';
export { openSource } from './sources/open.ts';
export { SourceError, type SweepSource } from './sources/source.ts';
export { sweep, type Follow } from './sweep.ts';
export { TaskRunner, type RunnerOptions } from './task-runner.ts';
