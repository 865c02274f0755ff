import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  type BigIntStats,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isErrno } from '../errno.ts';
import { UnpackError } from './unpack-error.ts';

/** How a folder is known to be the one that was opened: by a descriptor that is held, or by looking at its path again. */
export type Checking = 'descriptor' | 'path';

/** What tells one file or folder of a machine from every other. */
export interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
}

export function isSame(one: Identity, other: Identity): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/**
 * Opens a folder without reading it, so that one through which we may only pass will do. Not in node:fs; the value is
 * the same on every kind of Linux that Node runs on.
 */
const O_PATH = 0x20_00_00;
const AS_FOLDER = O_PATH | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);
const BIG = { bigint: true } as const;

/** What this platform can do: Linux with /proc leads from a descriptor to what lies in its folder. */
export function bestChecking(): Checking {
  if (process.platform !== 'linux') return 'path';
  let descriptor: number | undefined;
  try {
    descriptor = openSync('/', AS_FOLDER);
    const through = statSync(`/proc/self/fd/${descriptor}/.`, BIG);
    return isSame(through, fstatSync(descriptor, BIG)) ? 'descriptor' : 'path';
  } catch {
    return 'path';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * One real folder, held. What is done in it by name is done in this very folder, whatever becomes of its path: with a
 * descriptor the kernel sees to that (`/proc/self/fd/N/name` is what `openat(N, name)` is); without, the path is looked
 * at again before each step, which leaves a moment in between.
 */
export class Folder {
  readonly identity: Identity;
  readonly owner: number;
  /** When something in it was made or removed last, in milliseconds since 1970, as it was when the folder was opened. */
  readonly modified: number;
  readonly #checking: Checking;
  readonly #path: string;
  readonly #descriptor: number | undefined;

  private constructor(path: string, checking: Checking) {
    this.#checking = checking;
    let stat: BigIntStats;
    if (checking === 'descriptor') {
      this.#descriptor = openSync(path, AS_FOLDER);
      this.#path = `/proc/self/fd/${this.#descriptor}`;
      stat = fstatSync(this.#descriptor, BIG);
    } else {
      this.#path = path;
      stat = lstatSync(path, BIG);
      if (!stat.isDirectory()) throw notAFolder(path);
    }
    this.identity = { dev: stat.dev, ino: stat.ino };
    this.owner = Number(stat.uid);
    this.modified = Number(stat.mtimeMs);
  }

  /** Opens a folder by its path, of which only the last name is looked at. Undefined where a link or a file is there. */
  static at(path: string, checking: Checking): Folder | undefined {
    try {
      return new Folder(path, checking);
    } catch (error) {
      if (isErrno(error, 'ENOTDIR', 'ELOOP')) return undefined;
      throw error;
    }
  }

  /** The path under which node:fs reaches `name`, one name and no more, in this folder. */
  at(name: string): string {
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
      throw new RangeError('not the name of one thing in a folder');
    }
    if (process.platform === 'win32' && /[\\:]/.test(name)) {
      throw new RangeError('not the name of one thing in a folder');
    }
    return join(this.#here(), name);
  }

  /** The folder `name` in this one; undefined where a link or a file is there. */
  open(name: string): Folder | undefined {
    return Folder.at(this.at(name), this.#checking);
  }

  /** The folder that this one lies in. */
  parent(): Folder | undefined {
    const path = this.#checking === 'descriptor' ? `${this.#path}/..` : dirname(this.#here());
    return Folder.at(path, this.#checking);
  }

  /** Makes the folder `name`, which must not be there, with at most the rights in `mode`, and opens it. */
  make(name: string, mode: number): Folder {
    mkdirSync(this.at(name), { mode });
    const made = this.open(name);
    if (made === undefined) throw tampered();
    if (made.names().length === 0) return made;
    made.close();
    throw tampered();
  }

  names(): string[] {
    return readdirSync(this.#here());
  }

  /** What is at `name`, links not followed; undefined where nothing is. */
  look(name: string): BigIntStats | undefined {
    return lstatSync(this.at(name), { bigint: true, throwIfNoEntry: false });
  }

  /** Throws where `name` is not, or no longer, what was just made in this folder. The kernel vouches for a descriptor. */
  confirm(name: string, identity: Identity): void {
    if (this.#checking === 'descriptor') return;
    const stat = this.look(name);
    if (stat === undefined || !isSame(stat, identity)) throw tampered();
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }

  #here(): string {
    if (this.#checking === 'path') {
      const stat = lstatSync(this.#path, { bigint: true, throwIfNoEntry: false });
      if (stat === undefined || !stat.isDirectory() || !isSame(stat, this.identity)) {
        throw tampered();
      }
    }
    return this.#path;
  }
}

export function tampered(): UnpackError {
  return new UnpackError(
    'TAMPERED',
    'another process changed what was being written, so nothing was unpacked',
  );
}

function notAFolder(path: string): Error {
  return Object.assign(new Error('not a folder'), { code: 'ENOTDIR', syscall: 'lstat', path });
}
