import type { Limits } from '../../limits.ts';
import type { ReportAnomaly } from '../../finding/anomaly.ts';
import type { Code } from '../../finding/rule-id.ts';
import type { Entry } from '../entry.ts';
import type { ZipDialect } from './dialect.ts';

/** Reports what is wrong with one entry. */
export type ReportEntry = (code: Code, detail: string) => void;

/**
 * Returns where the path to inspect starts in the name of an entry. A format can have a folder around all entries that the rules
 * should not see. Undefined for an entry that is not part of the package.
 */
export type NameLayout = (
  spelled: string,
  isDirectory: boolean,
  report: ReportEntry,
) => number | undefined;

export interface ZipSink {
  /** Receives the next entry, with its path cut by the layout; `spelled` is the whole path. Returns whether the content is wanted. */
  entry(entry: Entry, spelled: string): boolean;
  /** Receives a piece of wanted content, valid only during the call. Errors in the content are reported after it. */
  body(piece: Buffer): void;
  anomaly: ReportAnomaly;
  /** Called after every entry. Returns true if no more entries are wanted. */
  enough(): boolean;
}

export interface ZipRead {
  readonly entries: number;
  readonly unpackedBytes: number;
  /** The directory could be read to its end. */
  readonly complete: boolean;
}

export interface ZipOptions {
  readonly limits: Limits;
  readonly dialect: ZipDialect;
  /** Without a layout, the whole name is inspected. */
  readonly layout?: NameLayout;
  /** Bytes of a file that are read at a time. For tests: no result depends on it. */
  readonly pieceBytes?: number | undefined;
}
