/** The folder in which a run of the tests makes its temporary ones: in memory, if the machine has room there. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A file system in memory, of most Linux machines. */
const MEMORY = '/dev/shm';
/** Bytes. The whole suite needs less than half of it at a time. */
const ROOM = 4 * 2 ** 30;

/** Whether files can be made in memory, and programs run from there, as containers often forbid. */
function hasRoom(): boolean {
  if (process.platform !== 'linux') return false;
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .findLast(([, folder]) => folder === MEMORY);
  if (mount?.[2] !== 'tmpfs' || mount[3]?.split(',').includes('noexec') === true) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return Math.min(bavail * bsize, freemem()) >= ROOM;
}

const PREFIX = 'tarwarden-tests-';

/** The folder of this run. Undefined outside of the tests, as in a benchmark. */
export function runFolder(): string | undefined {
  const folder = tmpdir();
  return basename(folder).startsWith(PREFIX) ? folder : undefined;
}

/**
 * Vitest calls it once for each project, before it starts a worker, and what it returns at the end. All projects share one folder. The
 * tests make and delete thousands of small files, and ext4 goes through the recently deleted ones for each new file: in memory the
 * end-to-end tests take two thirds of the time. Where a `TMPDIR` of the caller is set, the folder is there.
 */
export function setup(): (() => void) | undefined {
  if (runFolder() !== undefined) return undefined;
  const inMemory = process.env['TMPDIR'] === undefined && hasRoom();
  const folder = mkdtempSync(join(inMemory ? MEMORY : tmpdir(), PREFIX));
  // Some tests run a client as another user.
  chmodSync(folder, 0o755);
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
