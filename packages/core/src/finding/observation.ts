import type { Location } from './location.ts';
import type { RuleId } from './rule-id.ts';

/** Something that a rule objects to, before the policy has weighed it. Without a place where it is about the whole archive. */
export interface Observation extends Partial<Location> {
  readonly rule: RuleId;
  /** What exactly was found, in words; hostile text in it is already quoted. */
  readonly detail: string;
}

/** Takes what a rule objects to. */
export type Observe = (observation: Observation) => void;
