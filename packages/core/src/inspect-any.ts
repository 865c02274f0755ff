import type { ArchiveFile } from './containers/archive-file.ts';
import type { Format } from './finding/format.ts';
import type { Verdict } from './finding/verdict.ts';
import { formatOf } from './formats/index.ts';
import type { InspectOptions } from './inspect-options.ts';
import { inspectAs, inspectFileAs } from './inspect.ts';

/** Inspects an archive of the format that the options name. Without a format, it is read as a tarball of npm. */
export function inspect(bytes: Uint8Array, options: InspectOptions = {}): Verdict {
  return inspectAs(formatOf(options.format ?? 'npm'), bytes, options);
}

/** Options of {@link inspectFile}. The caller has read the file and gives its SHA-512. */
export interface FileOptions extends InspectOptions {
  readonly format: Format;
  readonly sha512: string;
}

/**
 * Inspects an archive in a file, which it reads in parts so that a large archive does not fill the memory. Works only for formats
 * for which {@link readsFiles} is true.
 * @throws the errors of `file.read`.
 */
export function inspectFile(file: ArchiveFile, options: FileOptions): Verdict {
  return inspectFileAs(formatOf(options.format), file, options);
}

/** Whether archives of a format can be read in parts. */
export function readsFiles(format: Format): boolean {
  return formatOf(format).large !== undefined;
}
