/* Settings that say where a client keeps its files. */
import { isWithin } from '@tarwarden/host/real-path';
import { pathFrom, type Where } from './paths.ts';
import { ConfineError } from './refusal.ts';

export interface Named {
  /** What names it, for messages: `cache in .npmrc`. */
  readonly by: string;
  readonly value: string | undefined;
}

/**
 * Folders that a repository's settings name do not count: they are where the project is, or what the user has anyway, or nothing
 * is run.
 */
export function refuseElsewhere(
  named: readonly Named[],
  { root, allowed, where }: { root: string; allowed: readonly string[]; where: Where },
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
