import { printablePath, redactUrl } from '@tarwarden/core/text';
import type { LockfileFile } from './find.ts';

/** Notes for the user about settings in lockfiles, one escaped line each. */
export function lockfileNotes(files: readonly LockfileFile[]): string[] {
  return files.flatMap((file) =>
    'error' in file
      ? []
      : (file.lockfile.indexes ?? []).map(
          ({ url }) =>
            `${printablePath(file.path)} names the index ${redactUrl(printablePath(url))}`,
        ),
  );
}
