/* The folder for the files of one run, also if TMPDIR is full, read-only or missing. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { errnoOf } from '@tarwarden/guard/errno';
import { processName, sweep } from './process-name.ts';

interface TemporaryFolder {
  readonly path: string;
  /** A file in it that reserves room. Remove it to use that room for other files. */
  readonly reserve: string;
}

export interface TemporaryOptions {
  /** `tarwarden-<what for>-`. */
  readonly prefix: string;
  /** Bytes that the folder must have room for. */
  readonly bytes?: number;
  /** The most bytes of the path, for a file that needs a short one, such as a socket. */
  readonly pathBytesMax?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Room for a line or two, in the blocks of any file system. */
const ROOM_BYTES = 64 * 1024;

const warnedProblems = new Set<string>();

/**
 * Makes a folder for this process in the first location that has room: TMPDIR, the system's temporary folders, the user's
 * cache, memory. Warns on standard error if it is not the first, and removes the folders of killed
 * processes there.
 *
 * @throws Error that names every location and its problem, if none will do.
 */
export function makeTemporaryFolder(options: TemporaryOptions): TemporaryFolder {
  const { prefix, bytes = ROOM_BYTES, env = process.env, pathBytesMax = Infinity } = options;
  const problems: string[] = [];
  const short = locations(env).filter((folder) => pathBytes(folder, prefix) <= pathBytesMax);
  for (const [index, folder] of short.entries()) {
    try {
      const temporaryFolder = makeIn(folder, { prefix, bytes, env });
      sweep(folder, prefix);
      if (index > 0) warnOnce(problems[0]!, temporaryFolder.path);
      return temporaryFolder;
    } catch (error) {
      problems.push(
        `no file can be written in ${folder} (${errnoOf(error) ?? (error as Error).message})`,
      );
    }
  }
  throw new Error(`${problems.join(', ')}: set TMPDIR to a folder that has room`);
}

function locations(env: NodeJS.ProcessEnv): readonly string[] {
  const system = process.platform === 'win32' ? [] : ['/tmp', '/var/tmp'];
  return [...new Set([resolve(tmpdir()), ...system, cacheOf(env), '/dev/shm'])];
}

function cacheOf({ XDG_CACHE_HOME: xdg, HOME: home = homedir() }: NodeJS.ProcessEnv): string {
  return xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.cache');
}

function makeIn(
  folder: string,
  { prefix, bytes, env }: Required<Omit<TemporaryOptions, 'pathBytesMax'>>,
): TemporaryFolder {
  // Only the cache may be missing. The other locations belong to the system.
  if (folder === cacheOf(env)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = mkdtempSync(startOfPath(folder, prefix));
  const reserve = join(path, 'reserve');
  try {
    writeFileSync(reserve, Buffer.alloc(bytes), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    rmSync(path, { recursive: true, force: true });
    throw error;
  }
  return { path, reserve };
}

const RANDOM_BYTES = 6;

function startOfPath(folder: string, prefix: string): string {
  return join(folder, `${prefix}${processName(process.pid)}-`);
}

function pathBytes(folder: string, prefix: string): number {
  return Buffer.byteLength(startOfPath(folder, prefix)) + RANDOM_BYTES;
}

function warnOnce(problem: string, path: string): void {
  if (warnedProblems.has(problem)) return;
  warnedProblems.add(problem);
  process.stderr.write(`tarwarden: ${problem}; ${path} is used instead\n`);
}
