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

const said = new Set<string>();

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
  const short = places(env).filter((place) => pathBytes(place, prefix) <= pathBytesMax);
  for (const [index, place] of short.entries()) {
    try {
      const made = makeIn(place, { prefix, bytes, env });
      sweep(place, prefix);
      if (index > 0) say(problems[0]!, made.path);
      return made;
    } catch (error) {
      problems.push(
        `no file can be written in ${place} (${errnoOf(error) ?? (error as Error).message})`,
      );
    }
  }
  throw new Error(`${problems.join(', ')}: set TMPDIR to a folder that has room`);
}

function places(env: NodeJS.ProcessEnv): readonly string[] {
  const system = process.platform === 'win32' ? [] : ['/tmp', '/var/tmp'];
  return [...new Set([resolve(tmpdir()), ...system, cacheOf(env), '/dev/shm'])];
}

function cacheOf({ XDG_CACHE_HOME: xdg, HOME: home = homedir() }: NodeJS.ProcessEnv): string {
  return xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.cache');
}

function makeIn(
  place: string,
  { prefix, bytes, env }: Required<Omit<TemporaryOptions, 'pathBytesMax'>>,
): TemporaryFolder {
  // Only the cache may be missing. The other locations belong to the system.
  if (place === cacheOf(env)) mkdirSync(place, { recursive: true, mode: 0o700 });
  const path = mkdtempSync(startOfPath(place, prefix));
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

function startOfPath(place: string, prefix: string): string {
  return join(place, `${prefix}${processName(process.pid)}-`);
}

function pathBytes(place: string, prefix: string): number {
  return Buffer.byteLength(startOfPath(place, prefix)) + RANDOM_BYTES;
}

function say(problem: string, path: string): void {
  if (said.has(problem)) return;
  said.add(problem);
  process.stderr.write(`tarwarden: ${problem}; ${path} is used instead\n`);
}
