/* The results of the parts of the benchmark, as docs/performance.json has them. */

/** Median, least and most of several measurements. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The goal that was set before the measurement. */
export interface Goal {
  readonly of: 'time' | 'ratio' | 'memory';
  readonly most?: number;
  readonly least?: number;
}

export interface Row {
  /** Rows of a group were measured in turn, so that they can be compared. */
  readonly group: string;
  readonly name: string;
  /** Milliseconds. */
  readonly time: Spread;
  /** `wall` by the clock, `cpu` of all processors, `added` by the clock to that of `over`. */
  readonly unit: 'wall ms' | 'cpu ms' | 'added ms';
  readonly rounds: number;
  /** Packages that were inspected in that time. */
  readonly packages?: number;
  /** Requests that were answered in that time. */
  readonly requests?: number;
  /** The time of the registry behind a server over this one's, round by round. */
  readonly bareSpeed?: Spread;
  /** Name of the row of the group that it is compared to. */
  readonly over?: string;
  /** Time over that row's, round by round. */
  readonly ratio?: Spread;
  /** That row's time over this one's, round by round. */
  readonly speed?: Spread;
  /** Like `ratio`, in processor time. */
  readonly cpuRatio?: Spread;
  /** Bytes of the largest process, the most of all rounds. */
  readonly peakBytes?: number;
  /** Bytes of the largest file that was read. */
  readonly fileBytes?: number;
  readonly goal?: Goal;
}

/** Where and when a part was measured. No name of a machine or a folder belongs here. */
export interface Circumstances {
  /** YYYY-MM-DD */
  readonly date: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  /** Processes that ran or waited to run, on average of the minute before. */
  readonly load: number;
}

export interface PartResult extends Circumstances {
  readonly rows: readonly Row[];
}

/** Results by the name of the part. */
export type Report = Readonly<Record<string, PartResult>>;
