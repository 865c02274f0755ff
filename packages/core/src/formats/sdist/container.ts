import { isGzip } from '../../containers/gzip/header.ts';

/** The kind of a file by its first bytes. `other` is an uncompressed tar, or anything else. */
export type Container = 'gzip' | 'zip' | 'bzip2' | 'xz' | 'lzma' | 'lzip' | 'zstd' | 'other';

/** First bytes by kind. An `.lzma` file begins with its properties, which all writers set to these values. */
const BEGINNINGS: readonly (readonly [Container, readonly number[]])[] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['lzma', [0x5d, 0x00, 0x00]],
  ['lzip', [0x4c, 0x5a, 0x49, 0x50]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];

/** The kinds as which pip opens a file without a zip in it, by the end of its name in lower case. */
const ENDINGS: readonly (readonly [RegExp, readonly Container[]])[] = [
  [/\.zip$/, ['zip']],
  [/\.(?:gz|tgz)$/, ['gzip']],
  [/\.(?:tar\.bz2|tbz)$/, ['bzip2']],
  [/\.(?:tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/, ['xz', 'lzma', 'lzip']],
  [/\.tar$/, ['other']],
];

export function containerOf(bytes: Buffer): Container {
  if (isGzip(bytes)) return 'gzip';
  for (const [container, beginning] of BEGINNINGS)
    if (beginning.every((byte, at) => bytes[at] === byte)) return container;
  return 'other';
}

/** The kinds that a file of this name can be. Undefined if the name does not say. */
export function promisedBy(fileName: string): readonly Container[] | undefined {
  const name = fileName.toLowerCase();
  return ENDINGS.find(([ending]) => ending.test(name))?.[1];
}
