/*
 * The key of this machine, with which tarwarden recognises its own notes. A cache can be restored from elsewhere, and its author can
 * write anything into it. The author does not have this key.
 *
 * <state>/machine-key is one line of JSON: 32 random bytes, and the inode number and birth time of the file itself. A copy of the file
 * has another birth time, so it is no key: a home folder in an image or an archive does not make another machine believed.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from './files/errno.ts';
import {
  isPrivateDirectory,
  makePrivateDirectory,
  stateDirectory,
  type Environment,
} from './known/cache-directory.ts';

const NAME = 'machine-key';
const KEY_BYTES = 32;
const KEY = /^[0-9a-f]{64}$/;
/** A longer file is not a key. Bytes. */
const FILE_BYTES_MAX = 1024;
/** Permissions of the group and of all other users. */
const OTHERS = 0o077;

/** The variable with a secret that replaces the key of the machine, and the shortest length of the secret. */
export const SEAL_KEY = 'TARWARDEN_SEAL_KEY';
export const SEAL_KEY_CHARS_MIN = 32;

/** Each use has a key of its own, so that a code that was made for one use does not fit another. */
export type SealKeyUse = 'remembered verdicts' | 'sealed folders';

/** Keys by their folder: a process reads each file once. */
const keyByFolder = new Map<string, Buffer>();
let isWarned = false;

/**
 * The secret in TARWARDEN_SEAL_KEY without white space at its ends: a secret is often pasted with a line end. Undefined for pull requests
 * of forks: GitHub gives them an empty variable, and Azure Pipelines the text `$(TARWARDEN_SEAL_KEY)`.
 */
export function sealSecret(env: Environment): string | undefined {
  const secret = env[SEAL_KEY]?.trim() ?? '';
  return secret === '' || secret === `$(${SEAL_KEY})` ? undefined : secret;
}

/**
 * The key for one use, from the secret in TARWARDEN_SEAL_KEY, or else from the key of this machine. Never throws.
 * @param mayMake Whether to make the key of the machine if there is none.
 */
export function keyFor(use: SealKeyUse, env: Environment, mayMake: boolean): Buffer | undefined {
  const secret = sealSecret(env);
  if (secret !== undefined && secret.length >= SEAL_KEY_CHARS_MIN)
    return derivedKey('secret', secret, use);
  if (secret !== undefined && !isWarned) {
    isWarned = true;
    process.stderr.write(
      `tarwarden: ${SEAL_KEY} has fewer than ${SEAL_KEY_CHARS_MIN} characters and is not used: set it to a longer random text\n`,
    );
  }
  const key = machineKey(env, mayMake);
  return key && derivedKey('machine', key, use);
}

function derivedKey(origin: 'secret' | 'machine', key: string | Buffer, use: SealKeyUse): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `tarwarden ${origin}: ${use}`, KEY_BYTES));
}

/** The key of this machine. Undefined if there is none, or if this machine cannot keep one. Never throws. */
export function machineKey(env: Environment, mayMake: boolean): Buffer | undefined {
  const folder = stateDirectory(env);
  const key = keyByFolder.get(folder) ?? keyIn(folder, mayMake);
  if (key !== undefined) keyByFolder.set(folder, key);
  return key;
}

function keyIn(folder: string, mayMake: boolean): Buffer | undefined {
  try {
    const path = join(folder, NAME);
    const key = isPrivateDirectory(folder) ? readKey(path) : undefined;
    if (key !== undefined || !mayMake || !makePrivateDirectory(folder)) return key;
    makeKey(path);
    // Read it back: another process may have been first, and some file systems give a file another birth time later.
    return readKey(path);
  } catch {
    return undefined;
  }
}

/** The key in a file that was made where it is. Undefined if there is none. */
function readKey(path: string): Buffer | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    const stat = fstatSync(fd, { bigint: true });
    if (!stat.isFile() || stat.size > FILE_BYTES_MAX || !isOwn(stat)) return undefined;
    const { key, madeHere } = JSON.parse(readFileSync(fd, 'utf8')) as Record<string, unknown>;
    const birth = birthOf(stat);
    if (birth === undefined || madeHere !== birth) return undefined;
    return typeof key === 'string' && KEY.test(key) ? Buffer.from(key, 'hex') : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Whether the file belongs to this user, and no other user has any right to it. On Windows, the profile's own rights protect it. */
function isOwn({ uid, mode }: { readonly uid: bigint; readonly mode: bigint }): boolean {
  if (process.getuid === undefined) return true;
  return uid === BigInt(process.getuid()) && (Number(mode) & OTHERS) === 0;
}

/** Makes a new key, and puts it in the place of a copied or damaged one. A key that another process makes meanwhile stays. */
function makeKey(path: string): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const fd = openSync(temporary, 'wx', 0o600);
  try {
    const madeHere = birthOf(fstatSync(fd, { bigint: true }));
    if (madeHere === undefined) return;
    const key = randomBytes(KEY_BYTES).toString('hex');
    writeFileSync(fd, `${JSON.stringify({ key, madeHere })}\n`);
    try {
      linkSync(temporary, path);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST' && readKey(path) !== undefined) return;
      renameSync(temporary, path);
    }
  } finally {
    closeSync(fd);
    rmSync(temporary, { force: true });
  }
}

/**
 * The inode number and birth time of a file. Undefined if the file system keeps no birth time. On Linux no program can set the birth time,
 * neither `cp -a` nor `tar` nor the tools that restore the caches of CI services. So a note with both facts cannot be true of a copy. On
 * macOS and Windows a program can set the birth time, but not the inode number (both untried).
 */
function birthOf({
  ino,
  birthtimeNs,
}: Pick<BigIntStats, 'ino' | 'birthtimeNs'>): string | undefined {
  return birthtimeNs <= 0n || ino === 0n ? undefined : `${ino}:${birthtimeNs}`;
}
