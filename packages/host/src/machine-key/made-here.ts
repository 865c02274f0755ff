/*
 * Recognises files that were made on this machine and not restored from a copy.
 *
 * The system chooses the inode number and the birth time of a new file. On Linux no program can set the birth time, neither `cp -a` nor
 * `tar` nor the tools that restore the caches of CI services. So a note with both facts cannot be true of a copy, even if the author of
 * the copy has written the note. On macOS and Windows a program can set the birth time, but not the inode number (both untried).
 */
import type { BigIntStats } from 'node:fs';

/** The inode number and birth time of a file. Undefined if the file system keeps no birth time. */
export function birthOf({
  ino,
  birthtimeNs,
}: Pick<BigIntStats, 'ino' | 'birthtimeNs'>): string | undefined {
  return birthtimeNs <= 0n || ino === 0n ? undefined : `${ino}:${birthtimeNs}`;
}
