import type { Location } from './location.ts';
import type { Code } from './rule-id.ts';

/**
 * A deviation from the accepted grammar, as a reader saw it. The reader decides nothing: the rule that has this code says what it
 * means and how serious it is.
 */
export interface Anomaly extends Location {
  readonly code: Code;
  /** The details in words. Hostile text in them is already quoted. */
  readonly detail: string;
}

/** Receives each anomaly that a reader sees. */
export type ReportAnomaly = (anomaly: Anomaly) => void;
