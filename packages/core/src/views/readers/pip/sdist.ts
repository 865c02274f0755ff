import { isGzip } from '../../../containers/index.ts';
import { ClientError, type Disk } from '../disk.ts';
import { isPythonZip } from '../lenient-zip.ts';
import type { Lost } from '../view.ts';
import { untar } from './untar.ts';
import { unzip } from './unzip.ts';

export interface PipArchive {
  readonly bytes: Buffer;
  readonly fileName: string;
}

/** pip's `unpack_file`: it tries a zip first, whatever the name, and then a tar. Returns a note about the result. */
export function unpackSdist(
  { bytes, fileName }: PipArchive,
  { disk, lost, newer }: { disk: Disk; lost: Lost[]; newer: boolean },
): string {
  const isNamedZip = /\.(?:zip|whl)$/i.test(fileName);
  const isZip = isNamedZip || isPythonZip(bytes);
  if (isZip) unzip(bytes, disk, newer);
  else untar(bytes, { disk, lost, fileName, filtered: newer });
  if (!['setup.py', 'pyproject.toml'].some((name) => disk.exists(`${disk.root}/${name}`)))
    throw new ClientError('there is no setup.py or pyproject.toml where its first folder begins');
  return isZip && isGzip(bytes) ? 'the zip in it, not the tar' : '';
}
