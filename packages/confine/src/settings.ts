/* Settings about the places where a client keeps its files. */
import { isWithin } from '@tarwarden/host/real-path';
import { pathFrom, type RunContext } from './paths.ts';
import { ConfineError } from './refusal.ts';

export interface NamedFolder {
  /** The origin of the setting for messages: `cache in .npmrc`. */
  readonly by: string;
  readonly value: string | undefined;
}

/** Refuses a folder outside the project that a repository's settings name, unless the user has it anyway. */
export function refuseElsewhere(
  named: readonly NamedFolder[],
  { root, allowed, where }: { root: string; allowed: readonly string[]; where: RunContext },
): void {
  for (const { by, value } of named) {
    if (value === undefined) continue;
    const path = pathFrom(value, { ...where, cwd: root });
    if ([root, ...allowed].some((folder) => isWithin(folder, path))) continue;
    throw new ConfineError(
      `${by} of the repository is ${path}, outside the project; to allow it: --confine-write ${path}`,
    );
  }
}
