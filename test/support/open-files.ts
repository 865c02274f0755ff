/** Which files this process has open, where the system shows that. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const OPEN = '/proc/self/fd';

export const SHOWS_OPEN_FILES: boolean = existsSync(OPEN);

/** Those below a folder. */
export function openFilesBelow(folder: string): string[] {
  return readdirSync(OPEN).flatMap((name) => {
    try {
      const file = readlinkSync(join(OPEN, name));
      return file.startsWith(folder) ? [file] : [];
    } catch {
      // Reading the list has opened one more, which is closed by now.
      return [];
    }
  });
}
