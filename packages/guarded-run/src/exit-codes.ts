/**
 * Exit codes that are not the package manager's own. They are API: documented in docs/managers, never given a
 * new meaning.
 */
export const EXIT = {
  /** A package was refused, and the manager itself did not fail. */
  BLOCKED: 1,
  /** This manager, or what it was asked to do, cannot be guarded: it was not run. */
  UNSUPPORTED: 97,
  /** The manager ran and never loaded the guard: what it installed is not inspected. */
  UNCHECKED: 98,
  /** The manager is not on the PATH. */
  NOT_FOUND: 127,
} as const;

/** Says why a manager was not started, or what is to be thought of its run, and gives the code to end with. */
export function fail(code: number, text: string): number {
  process.stderr.write(`tarwarden: ${text}\n`);
  return code;
}
