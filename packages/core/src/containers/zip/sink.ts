import type { Limits } from '../../limits.ts';
import type { ReportAnomaly } from '../../finding/anomaly.ts';
import type { RuleId } from '../../finding/rule-id.ts';
import type { Entry } from '../entry.ts';
import type { ZipDialect } from './dialect.ts';

/** Reports what is wrong with the name of an entry. */
export type ReportName = (code: RuleId, detail: string) => void;

/**
 * Where the path that is inspected starts in the name of an entry, which may lie in a folder that no rule is to see.
 * Undefined for an entry that is not part of the package.
 */
export type NameLayout = (
  spelled: string,
  isDirectory: boolean,
  report: ReportName,
) => number | undefined;

export interface ZipSink {
  /**
   * The next entry, its path cut by the layout; `spelled` is the whole one. Whether the content is wanted.
   */
  entry(entry: Entry, spelled: string): boolean;
  /** A piece of wanted content, valid only during the call: what is not sound is reported after it. */
  body(piece: Buffer): void;
  anomaly: ReportAnomaly;
  /** Asked after every entry: whether no more of them are wanted. */
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
  /** Absent: names are inspected whole. */
  readonly layout?: NameLayout;
  /** Bytes of a file that are read at a time. For tests: no result depends on it. */
  readonly pieceBytes?: number | undefined;
}
