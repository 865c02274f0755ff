import { printablePath, redactUrl } from '@tarwarden/core/text';
import type { LockfileFile } from './find.ts';

/** What lockfiles set, and a person should know: one line each, escaped. */
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
