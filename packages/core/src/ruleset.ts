/** Version of the rules and readers. It is part of every cache key, so raise it with every change that can alter a verdict. */
export const RULESET = '13';
