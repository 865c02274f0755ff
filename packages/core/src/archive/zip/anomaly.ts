/** A deviation from the one form of zip that Yarn writes. Each code has the rule of the same name. */
export type ZipAnomalyCode =
  | 'zip-end-record'
  | 'zip-trailing-bytes'
  | 'zip-header-mismatch'
  | 'zip-gap'
  | 'zip-overlap'
  | 'zip-unsupported'
  | 'zip-corrupt'
  | 'zip-checksum'
  | 'zip-type-mismatch'
  | 'zip-outside-package'
  | 'entry-count-limit'
  | 'unpacked-size-limit'
  | 'compression-ratio-limit'
  | 'size-on-non-file';

export interface ZipAnomaly {
  readonly code: ZipAnomalyCode;
  /** In the file. */
  readonly offset: number;
  /** What exactly was found, in words; hostile text in it is already quoted. */
  readonly detail: string;
  /** Path of the entry it belongs to, as the archive spells it. */
  readonly entry?: string;
  readonly entryIndex?: number;
}

export type TellZip = (anomaly: ZipAnomaly) => void;
