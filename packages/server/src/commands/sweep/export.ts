/* `tarwarden-server sweep export` writes the signed verdicts for other machines, or the whole ledger for queries. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { plural, printablePath } from '@tarwarden/core/text';
import { errnoOf, NewFile } from '@tarwarden/host';
import { exportTables, TABLE_NAMES } from '../../sweep/export/export.ts';
import { envelopesOf, type Ledger } from '../../sweep/ledger/ledger.ts';
import type { TableName } from '../../sweep/export/tables.ts';
import { remark, UsageError, type Values } from '@tarwarden/host/command-line';
import type { SWEEP_OPTIONS } from './definition.ts';
import { stopRequested } from '../serving.ts';

/** The number of characters that are written at once. */
const PART_CHARS = 1024 * 1024;

export async function exportLedger(
  { out, parquet }: Values<typeof SWEEP_OPTIONS>,
  ledger: Ledger,
): Promise<number> {
  if ((out === undefined) === (parquet === undefined))
    throw new UsageError('export needs --out FILE or --parquet FOLDER', 'sweep');
  const stop = new AbortController();
  void stopRequested().then(() => stop.abort(stopped()));
  return parquet === undefined
    ? exportSet(out!, ledger, stop.signal)
    : exportParquet(parquet, ledger, stop.signal);
}

function stopped(): TarwardenError {
  return new TarwardenError('NOT_WRITTEN', 'stopped; nothing was written');
}

async function exportSet(out: string, ledger: Ledger, signal: AbortSignal): Promise<number> {
  const file = await NewFile.begin(out);
  let count = 0;
  try {
    let part = '';
    for await (const envelope of envelopesOf(ledger)) {
      signal.throwIfAborted();
      part += `${envelope}\n`;
      count += 1;
      if (part.length < PART_CHARS) continue;
      await file.write(Buffer.from(part));
      part = '';
    }
    await file.write(Buffer.from(part));
    await file.end();
    await file.keep();
  } finally {
    await file.drop();
  }
  remark(plural(count, 'signed verdict'));
  return 0;
}

async function exportParquet(folder: string, ledger: Ledger, signal: AbortSignal): Promise<number> {
  makeFolder(folder);
  const files = new Map<TableName, NewFile>();
  let counts: ReadonlyMap<TableName, number>;
  try {
    for (const name of TABLE_NAMES)
      files.set(name, await NewFile.begin(join(folder, `${name}.parquet`)));
    counts = await exportTables(ledger, { signal, sinkOf: (name) => files.get(name)! });
    for (const file of files.values()) await file.end();
    signal.throwIfAborted();
    // All files are complete and of one moment before the first one gets its name.
    for (const file of files.values()) await file.keep();
  } finally {
    for (const file of files.values()) await file.drop();
  }
  for (const [name, count] of counts) remark(`${name}.parquet: ${plural(count, 'row')}`);
  return 0;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const why = errnoOf(cause) ?? 'the system says no reason';
    const message = `${printablePath(folder)} cannot be the folder: ${why}`;
    throw new TarwardenError('NOT_WRITTEN', message, { cause });
  }
}
