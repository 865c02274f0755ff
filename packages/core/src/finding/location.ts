/**
 * What an offset counts in: `tar` is the unpacked tar, `gzip` and `zip` are the file itself. So is `gem`: the tar of a gem, and
 * the compressed files in it; `tar` is then its unpacked content.
 */
export type Layer = 'gzip' | 'tar' | 'zip' | 'gem';

/** A field of a tar header (POSIX ustar), or the content behind it. */
export type Field =
  | 'name'
  | 'mode'
  | 'uid'
  | 'gid'
  | 'size'
  | 'mtime'
  | 'checksum'
  | 'typeflag'
  | 'linkname'
  | 'magic'
  | 'devmajor'
  | 'devminor'
  | 'prefix'
  | 'content';

/** Where something was seen, as whoever saw it says. */
export interface Location {
  readonly layer: Layer;
  /** Bytes from the start of the layer. */
  readonly offset: number;
  readonly field?: Field;
  /** Path of the entry that it belongs to, where known. */
  readonly entry?: string;
  /** Position of the entry among the archive's entries, from 0. */
  readonly entryIndex?: number;
}
