import { basename } from 'node:path';
import {
  DEFAULT_POLICY,
  inspect,
  readsFiles,
  recogniseFormat,
  type Format,
  type InspectOptions,
  type Verdict,
} from '@tarwarden/core';
import { weighClaims, type Claim } from '@tarwarden/core/policy';
import type { ScanError, ScanResult } from '@tarwarden/core/report';
import { printable } from '@tarwarden/core/text';
import {
  ChangedFileError,
  inspectInParts,
  openArchive,
  type OpenArchiveOptions,
  type OpenedArchive,
} from './archive-file.ts';
import { SharedMemory } from '../files/read-bounded.ts';
import { serveInspections } from './serve-inspections.ts';

export interface SpokenFileOptions extends InspectOptions {
  /** The words of a registry or a lockfile about the package, to be compared with the archive. */
  readonly claims?: readonly Claim[] | undefined;
}

/** Inspects one file. Never throws: the result holds the verdict, or the reason why there is none. */
export function scanFile(path: string, options: SpokenFileOptions): ScanResult {
  return withWords(scanned(path, options), options);
}

function withWords(
  result: ScanResult,
  { claims = [], policy = DEFAULT_POLICY, expected }: SpokenFileOptions,
): ScanResult {
  if ('error' in result) return result;
  return { ...result, verdict: weighClaims(result.verdict, claims, { policy, expected }) };
}

function scanned(path: string, fileOptions: SpokenFileOptions): ScanResult {
  const options = optionsFor(path, NO_BYTES, fileOptions);
  const opened = open(path, { inParts: readsFiles(options.format), allocate });
  if ('code' in opened) return { path, error: opened };
  if ('bytes' in opened) return bytesResult(path, opened.bytes, fileOptions);
  const { file } = opened;
  return verdictOr(path, () => {
    try {
      return inspectInParts(file, options);
    } finally {
      file.close();
    }
  });
}

/** The name of a file is enough to recognise each format that is read in parts. */
const NO_BYTES = new Uint8Array(0);

/** Inspects bytes that were read from `path`. Never throws. */
export function inspectBytes(
  path: string,
  bytes: Uint8Array,
  options: SpokenFileOptions,
): ScanResult {
  return withWords(bytesResult(path, bytes, options), options);
}

function bytesResult(path: string, bytes: Uint8Array, options: InspectOptions): ScanResult {
  return verdictOr(path, () => inspect(bytes, optionsFor(path, bytes, options)));
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
  const opened = open(path, { inParts: false });
  return 'bytes' in opened ? opened.bytes : (opened as ScanError);
}

/** No verdict refers to the bytes that were inspected, so all files can use the same memory. */
const { allocate } = new SharedMemory();

/** Adds the options that are missing: the format, by the name and the bytes of the file, and its name as the expected one. */
function optionsFor(
  path: string,
  bytes: Uint8Array,
  options: InspectOptions,
): InspectOptions & { readonly format: Format } {
  const fileName = basename(path);
  const format = options.format ?? recogniseFormat(fileName, bytes);
  return { ...options, format, expected: { fileName, ...options.expected } };
}

function open(
  path: string,
  options: Omit<OpenArchiveOptions, 'follow'>,
): Extract<OpenedArchive, { bytes: unknown } | { file: unknown }> | ScanError {
  let opened: OpenedArchive;
  try {
    opened = openArchive(path, { ...options, follow: true });
  } catch (error) {
    return fileError(error);
  }
  if (!('problem' in opened)) return opened;
  if (opened.problem === 'not-a-file') return { code: 'NOT_A_FILE', message: 'not a regular file' };
  const limit = opened.bytesMax / (1024 * 1024);
  return { code: 'TOO_LARGE', message: `larger than ${limit} MiB, so it was not read` };
}

/** Says why the system could not open or read a file. */
export function fileError(error: unknown): ScanError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return { code: 'NOT_FOUND', message: 'there is no such file' };
  }
  return { code: 'UNREADABLE', message: `cannot be read (${code ?? 'unknown error'})` };
}

/** The program of a thread that inspects archives of every format. */
export function serveEveryFormat(): void {
  serveInspections({
    every: {
      inspect,
      inspectFile(path, options) {
        const result = scanFile(path, options);
        if ('error' in result)
          throw Object.assign(new Error(result.error.message), { code: result.error.code });
        return result.verdict;
      },
    },
  });
}
