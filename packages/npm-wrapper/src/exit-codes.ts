/**
 * Exit codes that are not npm's own. They are API: documented in docs/managers/npm.md, never given a
 * new meaning.
 */
export const EXIT = {
  /** A package was blocked, and npm itself did not fail. */
  BLOCKED: 1,
  /** This npm is not supported, so the guard refused to let it run. */
  UNSUPPORTED: 97,
  /** npm ran and never loaded the guard: what it installed is not inspected. */
  UNCHECKED: 98,
  /** No npm on the PATH. */
  NOT_FOUND: 127,
} as const;
