/* Exports a ledger as Parquet files: one moment's state, in bounded memory. */
import { TarwardenError } from '@tarwarden/core';
import type { Ledger } from '../ledger/ledger.ts';
import { inSnapshot, type Reader } from '../ledger/snapshot.ts';
import type { Sink } from './parquet-file.ts';
import { TABLES, type LedgerRow, type Table, type TableName } from './tables.ts';

/** In the order of writing. */
export const TABLE_NAMES: readonly TableName[] = TABLES.map(({ name }) => name);

export interface ExportOptions {
  readonly sinkOf: (table: TableName) => Sink;
  /** Aborts the export. @throws the signal's reason. */
  readonly signal: AbortSignal;
}

/** The most rows of the ledger in one query. */
const BATCH_ROWS = 2_000;
/** Findings up to this size are fetched in batches; larger ones are fetched one by one. */
const SHORT_BYTES = 16 * 1024;
/** A worker writes at most 200 findings, with paths of up to 64 KiB. */
const FINDINGS_BYTES_MAX = 64 * 1024 * 1024;

/** @returns The number of rows of each table. */
export async function exportTables(
  ledger: Ledger,
  { sinkOf, signal }: ExportOptions,
): Promise<ReadonlyMap<TableName, number>> {
  // Loaded here, because only exports write such files.
  const { ParquetFile } = await import('./parquet-file.ts');
  return inSnapshot(
    ledger,
    async (reader) => {
      const moment = await momentOf(reader);
      const counts = new Map<TableName, number>();
      for (const table of TABLES) {
        const file = new ParquetFile(sinkOf(table.name), table.columns, moment);
        let count = 0;
        for await (const row of rowsOf(reader, table)) {
          for (const values of table.rows(row)) {
            await file.add(values);
            count += 1;
          }
        }
        await file.end();
        counts.set(table.name, count);
      }
      return counts;
    },
    signal,
  );
}

/** The time of the snapshot in microseconds: different for each export. */
async function momentOf(reader: Reader): Promise<string> {
  const { rows } = await reader.query<{ moment: string }>(
    `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment`,
  );
  return rows[0]!.moment;
}

async function* rowsOf(reader: Reader, { name, query }: Table): AsyncGenerator<LedgerRow> {
  const isLong = name === 'findings';
  // Unordered, so that the rows come in the order of the disk.
  await reader.query(
    `declare export_rows no scroll cursor for ${isLong ? shortened(query) : query}`,
  );
  for (;;) {
    const { rows } = await reader.query<LedgerRow>(`fetch ${BATCH_ROWS} from export_rows`);
    for (const row of rows) yield isLong ? await completed(reader, row, query) : row;
    if (rows.length < BATCH_ROWS) break;
  }
  await reader.query('close export_rows');
}

function shortened(query: string): string {
  return `select sha512, context, ruleset,
      case when octet_length(findings) <= ${SHORT_BYTES} then findings end as findings
    from (${query}) as whole`;
}

async function completed(reader: Reader, row: LedgerRow, query: string): Promise<LedgerRow> {
  if (row['findings'] !== null) return row;
  const { rows } = await reader.query<LedgerRow>(
    `select * from (${query}) as whole
     where sha512 = $1 and context = $2 and octet_length(findings) <= ${FINDINGS_BYTES_MAX}`,
    [row['sha512'], row['context']],
  );
  if (rows[0] === undefined)
    throw new TarwardenError('STORE_FAILED', 'the ledger has "findings" that are too long');
  return rows[0];
}
