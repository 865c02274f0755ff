/* Finds gems in folders of the project that Bundler may install instead of the inspected gem. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import { namesIn } from '../../bytes/folder-entries.ts';
import type { LockfileEntry } from '../../plan.ts';
import type { NotInspectedReason } from '../../result.ts';
import { noBytes } from '../archives.ts';

/** Bundler follows links. If the lockfile is for `ruby` alone, it prefers a gem for this platform to the locked one. */
export function otherOf(
  folders: readonly string[],
  { entry, fileName }: { readonly entry: LockfileEntry; readonly fileName: string },
): NotInspectedReason | undefined {
  for (const folder of folders) {
    const path = join(folder, fileName);
    const isFile = lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
    if (!isFile)
      return noBytes(`${printablePath(path)} is a link, which Bundler follows and never makes`);
    const built = builtIn(folder, entry);
    if (built !== undefined)
      return noBytes(
        `${printablePath(join(folder, built))} is not in the lockfile, and Bundler may take it for this gem`,
        'have the lockfile name it, by `bundle lock --add-platform`, or remove it',
      );
  }
  return undefined;
}

/** A gem of the same version for a platform that is not in the lockfile. */
function builtIn(folder: string, { locked, lockfile }: LockfileEntry): string | undefined {
  const [version = ''] = locked.version.split('-', 1);
  const start = `${locked.name}-${version}`;
  const known = new Set(
    lockfile?.packages
      .filter(({ name }) => name === locked.name)
      .map((gem) => `${gem.name}-${gem.version}.gem`),
  );
  return namesIn(folder).find(
    (name) => name.startsWith(`${start}-`) && name.endsWith('.gem') && !known.has(name),
  );
}
