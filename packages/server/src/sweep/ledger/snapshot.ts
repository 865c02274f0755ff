/* Runs several queries on the state of one moment while workers go on writing. */
import { unlessAborted } from '@tarwarden/host';
import type { QueryResultRow } from 'pg';
import type { Ledger } from './ledger.ts';

export interface Reader {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** Memory for sorting and grouping. Larger queries use PostgreSQL's temporary files. */
const WORK_MEMORY = '128MB';

/**
 * Queries in the snapshot cannot write.
 * @throws the signal's reason, also while a query waits for its answer.
 */
export async function inSnapshot<T>(
  ledger: Ledger,
  run: (reader: Reader) => Promise<T>,
  signal: AbortSignal = new AbortController().signal,
): Promise<T> {
  const client = await ledger.pool.connect();
  const reader: Reader = {
    query: async (text, values) => {
      signal.throwIfAborted();
      return unlessAborted(client.query(text, values), signal);
    },
  };
  let broken: Error | undefined;
  try {
    await reader.query('begin isolation level repeatable read, read only');
    await reader.query(`set local work_mem = '${WORK_MEMORY}'`);
    return await run(reader);
  } finally {
    // A query may still be running; closing its connection ends it.
    await reader.query('rollback').catch((cause: unknown) => (broken = cause as Error));
    client.release(broken);
  }
}
