/*
 * A store that the repository brings along: pnpm takes a package out of the store when the index there says that it is
 * the wanted one, and links what the index names. Neither is bound to the bytes that were inspected.
 */
import { trackedEntries } from '@tarwarden/host';
import { isInside } from '../settings/foreign-settings.ts';
import { notInspectedError } from '../messages.ts';
import { holdsNoPackage } from './store.ts';

/**
 * A store in the project is what CI services keep between runs, and what pnpm makes where a project is the top of a
 * disk. It is a hostile one when it came with the repository.
 *
 * @throws HookError where the store is part of a repository, or may be.
 */
export function refuseCommittedStore(
  storeDir: string,
  lockfileDir: string,
  configured: boolean,
): void {
  const inside = isInside(lockfileDir, storeDir);
  if ((!inside && !configured) || holdsNoPackage(storeDir)) return;
  const entries = trackedEntries(storeDir, '.');
  const tracked = entries && entries.length > 0;
  if (tracked === false || (tracked === undefined && !inside)) return;
  throw notInspectedError(
    tracked === true
      ? `pnpm's store ${JSON.stringify(storeDir)} is part of the repository, which could have put anything in it: ` +
          'remove it from the repository, or have the store elsewhere'
      : `pnpm's store ${JSON.stringify(storeDir)} is in the project, and git cannot say that it did not come with it: ` +
          'remove it, or have the store outside the project (pnpm config set --location=global store-dir PATH)',
  );
}
