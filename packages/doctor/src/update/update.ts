import type { Environment } from '@tarwarden/host';
import type { RecordSet } from '../advisories/load.ts';
import { withPublished, type PublishedSet } from './merge.ts';
import { askOsv, type OsvOptions } from './osv.ts';
import { readStored, writeStored } from './store.ts';

export interface UpdateOptions extends Omit<OsvOptions, 'shipped'> {
  readonly env: Environment;
  readonly now: Date;
}

/**
 * Fetches OSV's records, stores them for this user, and returns the shipped set with them. If a step fails, nothing changes.
 *
 * @throws TarwardenError
 */
export async function updateRecords(
  shipped: RecordSet,
  options: UpdateOptions,
): Promise<RecordSet> {
  const { env, now } = options;
  const records = await askOsv({ ...options, shipped: shipped.records });
  const published: PublishedSet = { updated: now.toISOString(), records };
  writeStored(env, published);
  return withPublished(shipped, published);
}

/** The shipped set with the records of the last update. */
export function withLastUpdate(shipped: RecordSet, env: Environment): RecordSet {
  const published = readStored(env);
  return published === undefined ? shipped : withPublished(shipped, published);
}
