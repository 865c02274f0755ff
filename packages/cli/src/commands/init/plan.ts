import type { FileChange } from './project-files.ts';

/** The changes in a project for one manager. */
export interface SetUpPlan {
  readonly changes: readonly FileChange[];
  /** Lines about files that stay as they are. */
  readonly kept: readonly string[];
  /** Lines about steps for the user. With one of them, the exit code is not 0. */
  readonly byHand: readonly string[];
}

export const NOTHING: SetUpPlan = { changes: [], kept: [], byHand: [] };

/** The changes that change something. */
export function changesOf(changes: readonly FileChange[]): FileChange[] {
  return changes.filter(({ before, after }) =>
    before === undefined || after === undefined ? before !== after : !before.equals(after),
  );
}
