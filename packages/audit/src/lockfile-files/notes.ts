import { printable, redactUrl } from '@tarwarden/core/text';
import type { LockfileFile } from './find.ts';

/** What lockfiles set, and a person should know: one line each, escaped. */
export function lockfileNotes(files: readonly LockfileFile[]): string[] {
  return files.flatMap((file) =>
    'error' in file
      ? []
      : (file.lockfile.indexes ?? []).map(
          ({ url }) =>
            `${printable(file.path, 4096)} names the index ${redactUrl(printable(url, 4096))}`,
        ),
  );
}
