import type { NamedVersion } from '@tarwarden/core/policy';
import type { LockfileEntry } from '../plan.ts';

export interface UnlockedOptions {
  readonly kind: LockfileEntry['kind'];
  readonly folder: string;
  readonly url?: string;
  /** Subresource Integrity that the registry publishes. */
  readonly integrity?: string | undefined;
  readonly anyPlatform?: boolean;
}

/** An entry like that of a lockfile, for a package that no lockfile pins. */
export function unlockedEntry(
  { ecosystem, name, version }: NamedVersion,
  { kind, folder, url, integrity, anyPlatform = false }: UnlockedOptions,
): LockfileEntry {
  return {
    kind,
    folder,
    place: { lockfile: '', line: 1 },
    locked: {
      ecosystem,
      name,
      version,
      source: { type: 'registry', ...(url !== undefined && { url }) },
      ...(integrity !== undefined && { integrity: { type: 'sri', value: integrity } }),
      ...(anyPlatform && { anyPlatform }),
      line: 1,
      key: name,
    },
  };
}
