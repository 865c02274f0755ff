/* Lists the files of an accepted archive, to compare them with unpacked files. */
import { createHash, type Hash } from 'node:crypto';
import type { Format } from '@tarwarden/core';
import { Typeflag, type Entry } from '@tarwarden/core/containers';
import { formatOf } from '@tarwarden/core/formats';
import type { Limits } from '@tarwarden/core/limits';
import { packagePath } from '@tarwarden/core/tree';

/** The SHA-512 in base64 of each file, by its path in the package. */
export type FileHashes = ReadonlyMap<string, string>;

/** @param bytes An archive that was inspected and accepted under the same limits. */
export function archiveFiles(bytes: Buffer, id: Format, limits: Limits): FileHashes {
  const format = formatOf(id);
  const files = new Map<string, string>();
  let open: { readonly path: string; readonly hash: Hash } | undefined;
  const close = (): void => {
    if (open !== undefined) files.set(open.path, open.hash.digest('base64'));
    open = undefined;
  };
  const sink = {
    entry(entry: Entry): boolean {
      close();
      const directory = entry.typeflag === Typeflag.Directory;
      const { key } = packagePath(entry, directory, format.layout);
      if (directory || key === '') return false;
      open = { path: key, hash: createHash('sha512') };
      return true;
    },
    body: (piece: Buffer): void => void open?.hash.update(piece),
    anomaly: (): void => undefined,
    enough: () => false,
  };
  format.read(bytes, sink, { limits });
  close();
  return files;
}
