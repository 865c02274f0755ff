import { basename } from 'node:path';
import {
  inspect,
  readsFiles,
  recogniseFormat,
  type Format,
  type InspectOptions,
  type Verdict,
} from '@tarwarden/core';
import { MAX_ARCHIVE_FILE_BYTES } from '@tarwarden/core/limits';
import type { ScanError, ScanResult } from '@tarwarden/core/report';
import { printable } from '@tarwarden/core/text';
import {
  ChangedFileError,
  inspectInParts,
  openArchive,
  type OpenArchiveOptions,
  type OpenedArchive,
} from '@tarwarden/host';
import { describe, type Input } from './inputs.ts';

/** Options for every file of a scan. They are plain data, so that they can be sent to a thread. */
export type FileInspection = InspectOptions;

/** The result for an input. If it cannot be inspected, that is the reason. Nothing is thrown. */
export function inspectInput({ path, error }: Input, inspection: FileInspection): ScanResult {
  return error === undefined ? inspectFile(path, inspection) : { path, error };
}

/** Inspects one file. If it gets no verdict, the result has the reason. Nothing is thrown. */
export function inspectFile(path: string, inspection: FileInspection): ScanResult {
  const options = optionsFor(path, NO_BYTES, inspection);
  const opened = open(path, { inParts: readsFiles(options.format), allocate: scratchOf });
  if ('code' in opened) return { path, error: opened };
  if ('bytes' in opened) return inspectBytes(path, opened.bytes, inspection);
  const { file } = opened;
  return verdictOr(path, () => {
    try {
      return inspectInParts(file, options);
    } finally {
      file.close();
    }
  });
}

/** These formats are recognised by the name of the file. */
const NO_BYTES = new Uint8Array(0);

/** Inspects bytes that were read from `path`. Nothing is thrown. */
export function inspectBytes(
  path: string,
  bytes: Uint8Array,
  inspection: FileInspection,
): ScanResult {
  return verdictOr(path, () => inspect(bytes, optionsFor(path, bytes, inspection)));
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

/** The bytes of one file, or the reason why they were not read. */
export function readArchive(path: string): Uint8Array | ScanError {
  const opened = open(path, { inParts: false });
  return 'bytes' in opened ? opened.bytes : (opened as ScanError);
}

type Allocate = (size: number) => Buffer;

const fresh: Allocate = (size) => Buffer.allocUnsafeSlow(size);

/** The memory into which the files of a scan are read, one after the other. With new memory for each file, garbage would pile up. */
let scratch: Buffer = Buffer.alloc(0);
const SMALL_SCRATCH = 1024 * 1024;

/** `size` bytes that are valid until the next call. A verdict does not refer to the bytes of its archive. */
function scratchOf(size: number): Buffer {
  if (size > scratch.length) scratch = size > SMALL_SCRATCH ? reserve(size) : fresh(SMALL_SCRATCH);
  return scratch.subarray(0, size);
}

/** Room for the largest file, so that the memory never has to grow. Pages that are not written to take no memory. */
function reserve(size: number): Buffer {
  try {
    return fresh(MAX_ARCHIVE_FILE_BYTES);
  } catch {
    // The process may not be allowed to reserve so much.
    return fresh(size);
  }
}

/** Without a format, the name and the bytes decide. The name of the file is the expected package, unless that is known. */
function optionsFor(
  path: string,
  bytes: Uint8Array,
  inspection: FileInspection,
): InspectOptions & { readonly format: Format } {
  const fileName = basename(path);
  const format = inspection.format ?? recogniseFormat(fileName, bytes);
  return { ...inspection, format, expected: { fileName, ...inspection.expected } };
}

function open(
  path: string,
  options: Omit<OpenArchiveOptions, 'follow'>,
): Extract<OpenedArchive, { bytes: unknown } | { file: unknown }> | ScanError {
  let opened: OpenedArchive;
  try {
    opened = openArchive(path, { ...options, follow: true });
  } catch (error) {
    return describe(error);
  }
  if (!('problem' in opened)) return opened;
  if (opened.problem === 'not-a-file') return { code: 'NOT_A_FILE', message: 'not a regular file' };
  const limit = opened.bytesMax / (1024 * 1024);
  return { code: 'TOO_LARGE', message: `larger than ${limit} MiB, so it was not read` };
}
