/** Version of the rules and readers. Raised with every change that can alter a verdict: it is part of every cache key. */
export const RULESET = '10';
