import { recogniseFormat, type Format } from '@tarwarden/core';
import { formatOf } from '@tarwarden/core/formats';
import { unpackAs, type UnpackOptions, type UnpackResult } from './unpack.ts';

/** {@link unpackAs} with the given format, or with one found by file name and bytes. A separate module: it loads every format. */
export function unpackAny(
  bytes: Uint8Array,
  destination: string,
  options: UnpackOptions & { readonly fileName: string; readonly format?: Format },
): UnpackResult {
  const { format, fileName, expected, ...otherOptions } = options;
  const id = format ?? recogniseFormat(fileName, bytes);
  const unpackOptions = { ...otherOptions, expected: { ...expected, fileName } };
  return unpackAs(formatOf(id), { bytes, destination }, unpackOptions);
}
