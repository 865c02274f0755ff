import { basename } from 'node:path';
import {
  inspect,
  inspectFile as inspectOpenFile,
  readsFiles,
  recogniseFormat,
  type Format,
  type InspectOptions,
  type Verdict,
} from '@tarwarden/core';
import {
  MAX_ARCHIVE_FILE_BYTES,
  MAX_WHEEL_FILE_BYTES,
  WHEEL_IN_MEMORY_BYTES,
} from '@tarwarden/core/limits';
import type { ScanError, ScanResult } from '@tarwarden/core/report';
import { printable } from '@tarwarden/core/text';
import { ChangedFileError, openDigested, readBounded } from '@tarwarden/host';
import { describe, type Input } from './inputs.ts';

/** What every file of a scan is inspected with. Plain data, so that a worker can be given it. */
export type Job = InspectOptions;

/** What came of an input: of one that cannot be inspected, the reason. Nothing is thrown. */
export function inspectInput({ path, error }: Input, job: Job): ScanResult {
  return error === undefined ? inspectFile(path, job) : { path, error };
}

/** Inspects one file. Whatever keeps it from having a verdict is in the result; nothing is thrown. */
export function inspectFile(path: string, job: Job): ScanResult {
  const large = inspectLarge(path, job);
  if (large !== undefined) return large;
  const bytes = readWith(path, scratchOf);
  return bytes instanceof Uint8Array ? inspectBytes(path, bytes, job) : { path, error: bytes };
}

/** Of a file that is read in parts. Undefined for any other. */
function inspectLarge(path: string, job: Job): ScanResult | undefined {
  const options = optionsFor(path, NO_BYTES, job);
  if (!readsFiles(options.format)) return undefined;
  let opened: ReturnType<typeof openDigested>;
  try {
    opened = openDigested(path, { ...IN_PARTS, follow: true });
  } catch (error) {
    return { path, error: describe(error) };
  }
  const { stat, file } = opened;
  if (file === undefined) {
    const isTooLarge = stat.isFile() && stat.size > IN_PARTS.bytesMax;
    return isTooLarge ? { path, error: tooLarge(IN_PARTS.bytesMax) } : undefined;
  }
  return verdictOr(path, () => {
    try {
      const verdict = inspectOpenFile(file, { ...options, sha512: file.sha512 });
      file.assertUnchanged();
      return verdict;
    } finally {
      file.close();
    }
  });
}

const IN_PARTS = { bytesMin: WHEEL_IN_MEMORY_BYTES, bytesMax: MAX_WHEEL_FILE_BYTES } as const;

/** Such formats are known by the name of the file. */
const NO_BYTES = new Uint8Array(0);

/** Inspects bytes that were read from `path`. Nothing is thrown. */
export function inspectBytes(path: string, bytes: Uint8Array, job: Job): ScanResult {
  return verdictOr(path, () => inspect(bytes, optionsFor(path, bytes, job)));
}

function verdictOr(path: string, run: () => Verdict): ScanResult {
  try {
    return { path, verdict: run() };
  } catch (error) {
    if (error instanceof ChangedFileError)
      return { path, error: { code: 'UNREADABLE', message: error.message } };
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const message = `the inspection broke off, which is a bug of tarwarden: ${printable(detail)}`;
    return { path, error: { code: 'CRASHED', message } };
  }
}

/** The bytes of one file, or why they were not read. */
export function readArchive(path: string): Uint8Array | ScanError {
  return readWith(path, fresh);
}

type Allocate = (size: number) => Buffer;

const fresh: Allocate = (size) => Buffer.allocUnsafeSlow(size);

/** Where the files of a scan are read to, one after the other: as garbage, the last ones would pile up in memory. */
let scratch: Buffer = Buffer.alloc(0);
const SMALL_SCRATCH = 1024 * 1024;

/** `size` bytes that hold until the next call. No verdict refers to the bytes it was made of. */
function scratchOf(size: number): Buffer {
  if (size > scratch.length) scratch = size > SMALL_SCRATCH ? reserve(size) : fresh(SMALL_SCRATCH);
  return scratch.subarray(0, size);
}

/** Room for every file that is read, so that none is left behind for a larger one: only what is written to takes memory. */
function reserve(size: number): Buffer {
  try {
    return fresh(MAX_ARCHIVE_FILE_BYTES);
  } catch {
    // Where the process may not ask for so much.
    return fresh(size);
  }
}

function readWith(path: string, allocate: Allocate): Uint8Array | ScanError {
  try {
    return readWhole(path, allocate);
  } catch (error) {
    return describe(error);
  }
}

/** The format is found by name and bytes where nobody says it; the name of the file is what the package should be. */
function optionsFor(
  path: string,
  bytes: Uint8Array,
  job: Job,
): InspectOptions & { readonly format: Format } {
  const fileName = basename(path);
  const format = job.format ?? recogniseFormat(fileName, bytes);
  return { ...job, format, expected: { ...job.expected, fileName } };
}

function readWhole(path: string, allocate: Allocate): Uint8Array | ScanError {
  const how = { bytesMax: MAX_ARCHIVE_FILE_BYTES, follow: true, allocate };
  const { stat, bytes } = readBounded(path, how);
  if (bytes !== undefined) return bytes;
  if (!stat.isFile()) return { code: 'NOT_A_FILE', message: 'not a regular file' };
  return tooLarge(MAX_ARCHIVE_FILE_BYTES);
}

function tooLarge(bytesMax: number): ScanError {
  const limit = bytesMax / (1024 * 1024);
  return { code: 'TOO_LARGE', message: `larger than ${limit} MiB, so it was not read` };
}
