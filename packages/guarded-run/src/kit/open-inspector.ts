import {
  Inspector,
  loadPolicy,
  rejected,
  type InspectorOptions,
  type LoadedPolicy,
  type Subject,
} from '@tarwarden/host';

/** The folders and variables that decide which policy holds. */
export interface PolicyScope {
  /** Folder of the project. Absent if only the user's own policy counts. */
  readonly project?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

export interface OpenedInspector {
  readonly inspector: Inspector;
  /** Notes on the policy for a person, one line each, escaped. */
  readonly warnings: readonly string[];
}

/**
 * Reads the policy files, and opens the inspector of a client's guard.
 * @param refuse Makes the client's error for a refusal, and keeps it.
 * @throws what `loadPolicy` throws.
 */
export function openInspector(
  { project, env }: PolicyScope,
  refuse: InspectorOptions['refuse'],
): OpenedInspector {
  const loaded = loadPolicy({ cwd: project, env });
  return { inspector: inspectorUnder(loaded, { env, refuse }), warnings: loaded.warnings };
}

/** Opens an inspector under a policy that was read before. */
export function inspectorUnder<S extends Subject = Subject>(
  { policy }: Pick<LoadedPolicy, 'policy'>,
  {
    env,
    refuse,
    describe = rejected,
  }: Pick<InspectorOptions<S>, 'env' | 'refuse'> & Partial<Pick<InspectorOptions<S>, 'describe'>>,
): Inspector<S> {
  return new Inspector<S>({ policy, env, describe, refuse });
}
