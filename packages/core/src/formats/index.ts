import type { Format } from '../finding/format.ts';
import type { PackageFormat } from './format.ts';
import { gemFormat } from './gem/format.ts';
import { goZipFormat } from './go-zip/format.ts';
import { npmTarballFormat } from './npm-tarball/format.ts';
import { sdistFormat } from './sdist/format.ts';
import { wheelFormat } from './wheel/format.ts';
import { yarnZipFormat } from './yarn-zip/format.ts';

export type { PackageFormat, ReadFacts, ReadOptions, ReadSink } from './format.ts';

/** Every format, in the order in which {@link recogniseFormat} asks them. */
export const formats: readonly PackageFormat[] = [
  gemFormat,
  goZipFormat,
  npmTarballFormat,
  sdistFormat,
  wheelFormat,
  yarnZipFormat,
];

/** The most likely format of a file, by its name and its bytes. If no format recognises it, it is a tarball of npm. */
export function recogniseFormat(fileName: string, bytes: Uint8Array): Format {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return formats.find((format) => format.recognise?.(fileName, view))?.id ?? 'npm';
}

/** Whether a text is the id of a format. */
export function isFormat(id: string): id is Format {
  return formats.some((format) => format.id === id);
}

/** @throws RangeError for an unknown id, which is a mistake of the caller. */
export function formatOf(id: Format): PackageFormat {
  const definition = formats.find((format) => format.id === id);
  if (definition === undefined) throw new RangeError(`format: ${String(id)}`);
  return definition;
}
