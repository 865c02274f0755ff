import type { Location } from './location.ts';
import type { RuleId } from './rule-id.ts';

/**
 * A deviation from the accepted grammar, as a reader saw it. A reader does not decide: each code has the rule of the same
 * name, which says what it means and how much it weighs.
 */
export interface Anomaly extends Location {
  readonly code: RuleId;
  /** What exactly was found, in words; hostile text in it is already quoted. */
  readonly detail: string;
}

/** Takes what a reader saw. */
export type ReportAnomaly = (anomaly: Anomaly) => void;
