/*
 * Refuses a store that came with the repository. pnpm uses a package from the store if the store's index names it, and links the files
 * in the index. Nothing connects these files to the inspected bytes.
 */
import { trackedEntries } from '@tarwarden/host';
import { isInside } from '../settings/foreign-settings.ts';
import { notInspectedError } from '../messages.ts';
import { holdsNoPackage } from './store.ts';

/**
 * CI services keep a store in the project between runs, and pnpm makes one if a project is at the top of a disk. So only a store that
 * came with the repository is hostile.
 *
 * @throws HookError if the store is, or may be, part of a repository.
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
