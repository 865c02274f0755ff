import { randomBytes } from 'node:crypto';
import { renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { occupied, type Destination } from './unpack-destination.ts';
import { isErrno } from '../errno.ts';
import { UnpackError } from './unpack-error.ts';
import { isSame, tampered, type Folder } from './unpack-folder.ts';
import { UnpackedTree } from './unpack-tree.ts';

/** Temporary folders are `.tarwarden-unpack-<process id>-<32 hex digits>`. */
const PREFIX = '.tarwarden-unpack-';
const NAME = /^\.tarwarden-unpack-(\d{1,10})-[0-9a-f]{32}$/;
/** The package's folder in the temporary folder. The temporary folder is private; this one gets the rights that the umask leaves. */
const CONTENT = 'package';
/** A folder of an unknown process stays for this time, in milliseconds: the process may run in another container. */
const STALE_MS = 60 * 60 * 1000;
/** The deepest nesting that is removed after a killed run; a policy may allow paths deeper than the default. */
const MAX_LEFTOVER_DEPTH = 512;

/** A private temporary folder (0700) beside the destination, in which the package is assembled. */
export class Staging {
  readonly name: string;
  readonly tree: UnpackedTree;
  readonly #destination: Destination;
  readonly #folder: Folder;
  readonly #content: Folder;
  #published = false;

  constructor(destination: Destination) {
    this.#destination = destination;
    this.name = `${PREFIX}${process.pid}-${randomBytes(16).toString('hex')}`;
    this.#folder = destination.parent.make(this.name, 0o700);
    try {
      assertOurs(this.#folder);
      this.#content = this.#folder.make(CONTENT, 0o755);
    } catch (error) {
      this.#folder.close();
      removeEmpty(destination.parent, this.name);
      throw error;
    }
    this.tree = new UnpackedTree(this.#content);
  }

  /** Moves the package to the destination in one step, and removes the temporary folder, which is then empty. */
  publish(): void {
    const { parent, name } = this.#destination;
    const { identity } = this.#content;
    try {
      renameSync(this.#folder.at(CONTENT), parent.at(name));
    } catch (error) {
      if (isErrno(error, 'ENOTEMPTY', 'EEXIST')) {
        throw occupied(name, 'a folder that is not empty', error);
      }
      if (isErrno(error, 'ENOTDIR')) throw occupied(name, undefined, error);
      throw error;
    }
    const stat = parent.look(name);
    if (stat === undefined || !stat.isDirectory() || !isSame(stat, identity)) {
      // Another process replaced the package. A link is removed, never followed.
      if (stat?.isSymbolicLink() === true) unlinkSync(parent.at(name));
      throw tampered();
    }
    this.#published = true;
  }

  /** Removes everything that has not been published. Returns whether all of it is gone. */
  discard(): boolean {
    const { parent } = this.#destination;
    try {
      if (!this.#published) this.tree.clear();
    } catch {
      // The folder is not empty or gone; the next lines handle both.
    }
    removeEmpty(this.#folder, CONTENT);
    return removeEmpty(parent, this.name);
  }

  close(): void {
    this.tree.close();
    this.#folder.close();
  }
}

/** Another user with write access to the parent could have replaced the new folder. */
function assertOurs(folder: Folder): void {
  if (process.geteuid === undefined || folder.owner === process.geteuid()) return;
  throw new UnpackError(
    'NOT_PERMITTED',
    `the temporary folder belongs to user ${folder.owner}, who could change what is written: somebody put it there, or this file system gives everything to one user`,
  );
}

function removeEmpty(folder: Folder, name: string): boolean {
  try {
    rmdirSync(folder.at(name));
    return true;
  } catch (error) {
    return isErrno(error, 'ENOENT');
  }
}

/** Removes temporary folders of this user that a killed process left more than an hour ago. */
export function removeLeftovers(parent: Folder, now: number = Date.now()): void {
  for (const name of parent.names()) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    try {
      const folder = parent.open(name);
      if (folder === undefined) continue;
      try {
        if (folder.owner !== (process.geteuid?.() ?? folder.owner)) continue;
        if (now - folder.modified < STALE_MS) continue;
        empty(folder, 0);
      } finally {
        folder.close();
      }
      rmdirSync(parent.at(name));
    } catch {
      // Another process is removing it, or this user may not. Neither matters.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isErrno(error, 'ESRCH');
  }
}

/** Removes everything in a folder, through descriptors; links are unlinked, not followed. */
function empty(folder: Folder, depth: number): void {
  if (depth > MAX_LEFTOVER_DEPTH) return;
  for (const name of folder.names()) {
    const path = folder.at(name);
    const inner = folder.open(name);
    if (inner === undefined) {
      unlinkSync(path);
      continue;
    }
    try {
      empty(inner, depth + 1);
    } finally {
      inner.close();
    }
    rmdirSync(path);
  }
}
