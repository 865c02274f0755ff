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

/** How to make sure that a folder is still the one that was opened: by an open descriptor, or by checking its path again. */
export type Checking = 'descriptor' | 'path';

/** Identifies a file or folder on this machine. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

export function isSame(identity: FileIdentity, other: FileIdentity): boolean {
  return identity.dev === other.dev && identity.ino === other.ino;
}

/** A flag to open a folder that may not be read. node:fs lacks it; the value is the same on every Linux that Node runs on. */
const O_PATH = 0x20_00_00;
const AS_FOLDER = O_PATH | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);
const BIG = { bigint: true } as const;

/** The safest way on this platform. On Linux, /proc leads from a descriptor to the entries of its folder. */
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
 * One real, open folder. Operations by name act on this very folder, even if its path leads elsewhere meanwhile. With a descriptor the
 * kernel ensures that (`/proc/self/fd/N/name` works like `openat(N, name)`). Without one, the path is checked before each step, and may
 * change right after the check.
 */
export class Folder {
  readonly identity: FileIdentity;
  readonly owner: number;
  /** The folder's modification time when it was opened, in milliseconds since 1970. */
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

  /** Opens a folder by its path; only the last name is checked. Undefined if it is a link or a file. */
  static at(path: string, checking: Checking): Folder | undefined {
    try {
      return new Folder(path, checking);
    } catch (error) {
      if (isErrno(error, 'ENOTDIR', 'ELOOP')) return undefined;
      throw error;
    }
  }

  /** The path under which node:fs reaches `name`, a single name, in this folder. */
  at(name: string): string {
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
      throw new RangeError('not the name of one thing in a folder');
    }
    if (process.platform === 'win32' && /[\\:]/.test(name)) {
      throw new RangeError('not the name of one thing in a folder');
    }
    return join(this.#here(), name);
  }

  /** Opens the folder `name` in this one; undefined if it is a link or a file. */
  open(name: string): Folder | undefined {
    return Folder.at(this.at(name), this.#checking);
  }

  parent(): Folder | undefined {
    const path = this.#checking === 'descriptor' ? `${this.#path}/..` : dirname(this.#here());
    return Folder.at(path, this.#checking);
  }

  /** Makes the folder `name`, which must not exist, with at most the rights in `mode`, and opens it. */
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

  /** The facts of `name`, without following links; undefined if it does not exist. */
  look(name: string): BigIntStats | undefined {
    return lstatSync(this.at(name), { bigint: true, throwIfNoEntry: false });
  }

  /** Throws if `name` is not the entry that was just made in this folder. With a descriptor, the kernel ensures that. */
  confirm(name: string, identity: FileIdentity): void {
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
