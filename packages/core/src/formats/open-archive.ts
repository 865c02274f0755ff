import type { ArchiveFile } from '../containers/archive-file.ts';
import type { Layer } from '../finding/location.ts';
import type { Limits } from '../limits.ts';
import type { Clash } from '../tree/file-set.ts';
import type { PackageTree } from '../tree/tree.ts';
import type { OpenMetadata, PackageFormat, ReadFacts, ReadOptions, ReadSink } from './format.ts';

/** The functions of a format for one archive, in memory or in a file. */
export interface OpenArchive {
  /** In bytes. */
  readonly length: number;
  readonly layer: Layer;
  readonly metadata: (tree: PackageTree, limits: Limits) => OpenMetadata;
  readonly read: (sink: ReadSink, options: ReadOptions) => ReadFacts;
  /** See `compare` of the format. Returns undefined if the format has none. */
  readonly alike: (
    clashes: readonly Clash[],
    options: ReadOptions,
  ) => ((clash: Clash) => boolean) | undefined;
}

export function openInMemory(format: PackageFormat, bytes: Buffer): OpenArchive {
  return {
    length: bytes.length,
    layer: typeof format.layer === 'string' ? format.layer : format.layer(bytes),
    metadata: (tree, limits) => format.metadata(tree, limits, bytes),
    read: (sink, options) => format.read(bytes, sink, options),
    alike: (clashes, options) => format.compare?.(bytes, clashes, options),
  };
}

/** @throws TypeError for a format whose archives can only be read in memory. */
export function openInParts(format: PackageFormat, file: ArchiveFile): OpenArchive {
  const { large, layer } = format;
  if (large === undefined || typeof layer !== 'string')
    throw new TypeError(`archives of the format ${format.id} are not read in parts`);
  return {
    length: file.length,
    layer,
    metadata: (tree, limits) => large.metadata(tree, limits, file),
    read: (sink, options) => large.read(file, sink, options),
    alike: () => undefined,
  };
}
