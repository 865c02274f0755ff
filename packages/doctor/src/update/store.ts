/* Keeps the fetched records of this user in one file. No server can influence its name. */
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { printable } from '@tarwarden/core/text';
import {
  cacheDirectory,
  errnoOf,
  isMissing,
  isPrivateDirectory,
  makePrivateDirectory,
  mayBePlanted,
  readBounded,
  type Environment,
} from '@tarwarden/host';
import * as v from 'valibot';
import { RecordSetError } from '../advisories/load.ts';
import { readPublishedAdvisory } from '../advisories/record.ts';
import type { PublishedSet } from './merge.ts';

const BYTES_MAX = 128 * 1024 * 1024;
const RECORDS_MAX = 10_000;

const stored = v.object({
  schema: v.literal(1),
  updated: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)),
  records: v.pipe(v.array(v.unknown()), v.maxLength(RECORDS_MAX)),
});

function folderFor(env: Environment): string {
  return join(cacheDirectory(env), 'advisories');
}

const FILE = 'osv.json';

/**
 * The records of the last update. Undefined if there was none.
 *
 * @throws RecordSetError if the file cannot be read, or somebody else may have written it.
 */
export function readStored(env: Environment): PublishedSet | undefined {
  const folder = folderFor(env);
  const file = join(folder, FILE);
  let bytes: Buffer | undefined;
  try {
    ({ bytes } = readBounded(file, { bytesMax: BYTES_MAX, follow: false }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unusable(file, `cannot be read (${errnoOf(error) ?? 'unknown'})`);
  }
  if (!isPrivateDirectory(folder) || isForeign(folder))
    throw unusable(file, 'is in a folder that others may write, or that came with the project');
  const read = v.safeParse(stored, json(bytes));
  const records = read.success ? read.output.records.map(readPublishedAdvisory) : [];
  const whole = records.filter((record) => record !== undefined);
  if (!read.success || whole.length !== records.length) throw unusable(file, 'is damaged');
  return { updated: read.output.updated, records: whole };
}

/** @throws TarwardenError NOT_WRITTEN. Then the previous file is unchanged. */
export function writeStored(env: Environment, { updated, records }: PublishedSet): void {
  const folder = folderFor(env);
  const file = join(folder, FILE);
  if (isForeign(folder) || !makePrivateDirectory(folder))
    throw notWritten(
      file,
      'its folder cannot be made, others may write it, or it came with the project',
    );
  const text = `${JSON.stringify({ schema: 1, updated, records })}\n`;
  if (Buffer.byteLength(text) > BYTES_MAX) throw notWritten(file, 'it would be too large');
  const temporary = join(folder, `.${FILE}.${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw notWritten(file, errnoOf(error) ?? 'the system says no reason', error);
  }
}

/** A repository could bring its own records. It could hide no hole by that, but invent any number. */
function isForeign(folder: string): boolean {
  return mayBePlanted(folder, process.cwd());
}

function json(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}

function unusable(file: string, why: string): RecordSetError {
  return new RecordSetError(
    `${printable(file, 4096)} ${why}: remove it, and run "tarwarden doctor --update" again`,
  );
}

function notWritten(file: string, why: string, cause?: unknown): TarwardenError {
  const message = `${printable(file, 4096)} was not written: ${why}`;
  return new TarwardenError('NOT_WRITTEN', message, { cause });
}
