import type { Format } from '../finding/format.ts';
import { formats } from './all.ts';
import type { PackageFormat } from './format.ts';

export type { PackageFormat, ReadFacts, ReadOptions, ReadSink } from './format.ts';

/** What a file most likely is, by its name and its bytes: a tarball of npm where no other format knows it. */
export function recogniseFormat(fileName: string, bytes: Uint8Array): Format {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return formats.find((format) => format.recognise?.(fileName, view))?.id ?? 'npm';
}

/** Whether a text is the id of a format. */
export function isFormat(id: string): id is Format {
  return formats.some((format) => format.id === id);
}

/** @throws RangeError for an id that is none, which only a caller's mistake can be. */
export function formatOf(id: Format): PackageFormat {
  const found = formats.find((format) => format.id === id);
  if (found === undefined) throw new RangeError(`format: ${String(id)}`);
  return found;
}
