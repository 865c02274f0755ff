import type { ArchiveFile } from './containers/archive-file.ts';
import type { Format } from './finding/format.ts';
import type { Verdict, UndigestedVerdict } from './finding/verdict.ts';
import { formatOf } from './formats/index.ts';
import type { DeferredOptions, InspectOptions } from './inspect-options.ts';
import { inspectAs, inspectFileAs } from './inspect.ts';

/** {@link inspectAs} the format that the options name; a tarball of npm where they name none. */
export function inspect(bytes: Uint8Array, options: DeferredOptions): UndigestedVerdict;
export function inspect(bytes: Uint8Array, options?: InspectOptions): Verdict;
export function inspect(
  bytes: Uint8Array,
  options: InspectOptions | DeferredOptions = {},
): Verdict | UndigestedVerdict {
  return inspectAs(formatOf(options.format ?? 'npm'), bytes, options);
}

/** Options of {@link inspectFile}: the SHA-512 is that of the file, by a caller that has read it. */
export interface FileOptions extends InspectOptions {
  readonly format: Format;
  readonly sha512: string;
}

/**
 * Inspects an archive that is read in parts from a file, so that its size costs no memory: for formats for which
 * {@link readsFiles} says so.
 * @throws what `file.read` throws.
 */
export function inspectFile(file: ArchiveFile, options: FileOptions): Verdict {
  return inspectFileAs(formatOf(options.format), file, options);
}

/** Whether archives of a format can be read in parts. */
export function readsFiles(format: Format): boolean {
  return formatOf(format).large !== undefined;
}
