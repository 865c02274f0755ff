/* Which versions of pnpm may run in a project, where any may be started. */
import { subset, valid } from 'semver';
import type { ClientContext } from '../where.ts';
import { pnpmLoading } from './pnpmfiles.ts';
import { PNPM_VERSIONS } from './version.ts';

const GUARDED = '10 || 11 || ^12.16.0';

export interface PnpmVersions {
  /** Those that are guarded. */
  readonly versions: readonly string[];
  /** A version or a range that may run and is not guarded. */
  readonly unguarded: string | undefined;
}

/** Each pnpm runs itself, or the one that the project wants. */
export function pnpmVersions(where: ClientContext): PnpmVersions {
  const versions = new Set<string>();
  let unguarded: string | undefined;
  for (const version of PNPM_VERSIONS)
    for (const { other } of pnpmLoading(version, where)) {
      const wanted = other?.wanted ?? version;
      if (!subset(wanted, GUARDED, { includePrerelease: true })) unguarded = wanted;
      else
        for (const version of valid(wanted) === null ? PNPM_VERSIONS : [wanted])
          versions.add(version);
    }
  return { versions: versions.size === 0 ? PNPM_VERSIONS : [...versions], unguarded };
}
