/**
 * A deviation from the accepted grammar, as a reader saw it. The reader does not judge: each code has the rule
 * of the same name, which says what it means and how much it weighs.
 */
export type AnomalyCode =
  // gzip
  | 'unrecognised-format'
  | 'uncompressed-archive'
  | 'gzip-header'
  | 'gzip-optional-header'
  | 'gzip-corrupt'
  | 'gzip-truncated'
  | 'gzip-checksum'
  | 'gzip-length'
  | 'gzip-second-member'
  | 'gzip-trailing-bytes'
  | 'unpacked-size-limit'
  | 'compression-ratio-limit'
  // tar blocks
  | 'tar-checksum'
  | 'tar-signed-checksum'
  | 'foreign-magic'
  | 'tar-magic'
  | 'tar-blank-magic'
  | 'tar-prefix'
  | 'tar-field-residue'
  | 'invalid-number'
  | 'base256-number'
  | 'padded-number'
  | 'invalid-size'
  | 'size-on-non-file'
  | 'link-target-on-file'
  | 'tar-truncated'
  | 'missing-end-marker'
  | 'entries-after-end'
  | 'nonzero-tail'
  | 'long-zero-tail'
  | 'entry-count-limit'
  | 'empty-path'
  // the names of extended headers, for which the rules of paths hold
  | 'control-character'
  | 'invalid-utf8'
  | 'path-traversal'
  | 'absolute-path'
  // extended headers
  | 'pax-malformed'
  | 'pax-value-newline'
  | 'pax-repeated-key'
  | 'pax-size-mismatch'
  | 'pax-path-mismatch'
  | 'pax-linkpath-mismatch'
  | 'pax-global-override'
  | 'pax-charset'
  | 'pax-sparse'
  | 'extended-header-repeated'
  | 'extended-header-orphan'
  | 'extended-header-oversized'
  | 'gnu-long-name';

export interface Anomaly {
  readonly code: AnomalyCode;
  /** In the unpacked tar for tar codes, in the compressed file for gzip codes. */
  readonly offset: number;
  /** What exactly was found, in words; hostile text in it is already quoted. */
  readonly detail: string;
  /** Path of the entry it belongs to, where known. */
  readonly entry?: string;
  readonly entryIndex?: number;
}
