import type { FileChange } from './project-files.ts';

/** What is to be done in a project for one manager. */
export interface Plan {
  readonly changes: readonly FileChange[];
  /** Lines about what is as it should be. */
  readonly kept: readonly string[];
  /** Lines about what only a person can do. With one of them, the exit code is not 0. */
  readonly byHand: readonly string[];
}

export const NOTHING: Plan = { changes: [], kept: [], byHand: [] };

/** Changes of what differs. */
export function changesOf(changes: readonly FileChange[]): FileChange[] {
  return changes.filter(({ before, after }) =>
    before === undefined || after === undefined ? before !== after : !before.equals(after),
  );
}
