import type { Location } from './location.ts';
import type { Code } from './rule-id.ts';

/** Something that a rule reports, before the policy has weighed it. It has no location if it is about the whole archive. */
export interface Observation extends Partial<Location> {
  readonly code: Code;
  /** The details in words. Hostile text in them is already quoted. */
  readonly detail: string;
}

/** Receives each observation. */
export type Observe = (observation: Observation) => void;
