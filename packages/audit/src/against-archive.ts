/* Compares what a client unpacked with the files of the archive, as that client writes them. */
import { unpackedFiles, type TreeClient, type UnpackedFiles } from '@tarwarden/core/trees';
import type { Limits } from '@tarwarden/core/limits';
import type { ObtainedBytes } from './bytes/source.ts';
import type { Check } from './result.ts';

const UNCOMPARED: Check = {
  id: 'cache-mismatch',
  level: 'warning',
  message:
    'its archive has links or other special entries, so its files cannot be compared with those that the client wrote',
};

/** @param obtained An archive that was inspected and accepted under the same limits. */
export function againstArchive(
  { bytes, format }: ObtainedBytes,
  client: TreeClient,
  limits: Limits,
  compare: (files: UnpackedFiles) => readonly Check[],
): readonly Check[] {
  const files = unpackedFiles(bytes, format, client, limits);
  return files === undefined ? [UNCOMPARED] : compare(files);
}
