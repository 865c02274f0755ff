/**
 * The bytes in which an offset counts. `gzip` and `zip` are the file itself, and `tar` is the unpacked tar. `gem` is the outer tar of
 * a gem with its compressed files; `tar` is then the unpacked content of the gem.
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

/** The place in the archive where a reader or a rule saw something. */
export interface Location {
  readonly layer: Layer;
  /** Bytes from the start of the layer. */
  readonly offset: number;
  readonly field?: Field;
  /** Path of the entry, where it is known. */
  readonly entry?: string;
  /** Position of the entry among the archive's entries, from 0. */
  readonly entryIndex?: number;
}
