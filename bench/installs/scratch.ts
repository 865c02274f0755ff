import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** A place for installs. */
export interface Scratch {
  readonly folder: string;
  /** As part of a heading. */
  readonly title: string;
}

const RAM_DISK = '/dev/shm';
/** `f_type` of tmpfs, statfs(2). */
const TMPFS = 0x01021994;
/** For a store or cache, an installed project and its next one. */
const FREE_BYTES_MIN = 4 * 1024 ** 3;

/**
 * A RAM disk where there is one, since what a disk takes to make 20,000 files hangs on what was deleted there before: ext4
 * passes over inodes that were freed in the last minutes, and a benchmark frees many. Else the temporary folder.
 *
 * @param disk The temporary folder in any case.
 */
export function scratch(disk: boolean): Scratch {
  if (!disk && isRamDisk(RAM_DISK)) return { folder: RAM_DISK, title: 'on a RAM disk' };
  return { folder: tmpdir(), title: 'on disk' };
}

function isRamDisk(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { type, bavail, bsize } = statfsSync(folder);
    return type === TMPFS && bavail * bsize >= FREE_BYTES_MIN;
  } catch {
    return false;
  }
}
