import { loadPolicy, openGuard, type GuardState } from '@tarwarden/guard';

/** The folders and variables that decide which policy holds. */
export interface PolicyScope {
  /** Folder of the project. Absent if only the user's own policy counts. */
  readonly project?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

export interface OpenedGuard {
  readonly state: GuardState;
  /** Notes on the policy for a person, one line each, escaped. */
  readonly warnings: readonly string[];
}

/**
 * Reads the policy files, and opens a client's guard under them.
 * @throws what `loadPolicy` throws.
 */
export function openGuardFor({ project, env }: PolicyScope): OpenedGuard {
  const { policy, warnings } = loadPolicy({ cwd: project, env });
  return { state: openGuard(policy, env), warnings };
}
