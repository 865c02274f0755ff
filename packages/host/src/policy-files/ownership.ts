/* Whether a file is this user's or root's alone to write, and so may say what is accepted. */
import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { printable, printablePath } from '@tarwarden/core/text';

/** What counts of a file's or folder's facts. */
export interface OwnerFacts {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Why what a file says is not to be believed. */
export interface OwnershipProblem {
  /** The file, or the folder on the way to it. */
  readonly path: string;
  /** A predicate, safe for a terminal. */
  readonly message: string;
  /** Mode bits whose removal mends it; 0 where it belongs to somebody else. */
  readonly bits: number;
}

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;
/** Bytes of /etc/passwd and /etc/group that are looked at: one of a large site. */
const ACCOUNTS_MAX = 16 * 1024 * 1024;

/** What is wrong with a file that was opened: `facts` are those of its descriptor, so nothing changes between. */
export function problemOfFile(path: string, facts: OwnerFacts): OwnershipProblem | undefined {
  if (process.geteuid === undefined) return undefined;
  return problemOf(path, facts) ?? problemOfFolders(path);
}

/** The folder that holds a file must be ours as well; above it, what counts is that no stranger can put another there. */
function problemOfFolders(path: string): OwnershipProblem | undefined {
  const holder = dirname(resolve(path));
  const real = realpathSync(path);
  for (const start of new Set([holder, dirname(real)])) {
    const found = problemOf(start, statSync(start)) ?? problemAbove(start);
    if (found !== undefined) return found;
  }
  return undefined;
}

function problemAbove(start: string, isTrusted = isOursOrRoots): OwnershipProblem | undefined {
  let folder = dirname(start);
  for (let below = start; folder !== below; below = folder, folder = dirname(folder)) {
    // In a sticky folder only the owner of an entry replaces it, so each entry has to be ours.
    const link = lstatSync(below);
    if (link.isSymbolicLink() && !isOurs(link.uid)) return foreign(below, link.uid);
    const found = problemOfHolder(folder, isTrusted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a stranger can put something else in the place of an entry of a folder that is ours. */
function problemOfHolder(
  folder: string,
  isTrusted: (uid: number) => boolean,
): OwnershipProblem | undefined {
  const { uid, gid, mode } = statSync(folder);
  const counted = (mode & STICKY) === 0 ? mode : mode & ~(GROUP_WRITES | OTHERS_WRITE);
  return problemOf(folder, { uid: isTrusted(uid) ? 0 : uid, gid, mode: counted });
}

/**
 * Why a folder is no place for what nobody else may replace, as a sentence safe for a terminal; undefined where it is one. Where
 * all may write, only a sticky folder keeps others from moving what lies in it.
 * @throws what node:fs throws.
 */
export function problemOfPlace(folder: string): string | undefined {
  if (process.geteuid === undefined) return undefined;
  for (const start of new Set([resolve(folder), realpathSync(folder)])) {
    const found = problemOfHolder(start, isOursHere) ?? problemAbove(start, isOursHere);
    if (found !== undefined) return `${printablePath(found.path)} ${found.message}`;
  }
  return undefined;
}

/** In a sandbox that maps this user alone, every other owner, root too, is shown as the one of this number. */
const UNMAPPED_UID = 65_534;
const ALL_MAPPED = /^\s*0\s+0\s+4294967295\s*$/;

/** Whether this user or root is the owner, as far as can be told where this runs. */
export function isOursHere(uid: number): boolean {
  return isOurs(uid) || (uid === UNMAPPED_UID && !ALL_MAPPED.test(read('/proc/self/uid_map')));
}

/**
 * Why a file or folder that a client found on its way is not to be used in a project, safe for a terminal; undefined where it
 * is. The owner of the project may speak there, as root in a container sees it, and whoever may write to the project.
 */
export function problemOfFound(
  path: string,
  facts: OwnerFacts,
  project: readonly OwnerFacts[] = [],
): string | undefined {
  if (process.geteuid === undefined) return undefined;
  const { uid, gid, mode } = facts;
  const owners = project.filter((one) => one.uid === uid);
  if (!isOursHere(uid) && owners.length === 0)
    return `${printablePath(path)} ${foreign(path, uid).message}`;
  const open = project.filter((one) => (one.mode & STICKY) === 0);
  const all = open.some((one) => (one.mode & OTHERS_WRITE) !== 0);
  const group =
    all ||
    open.some((one) => one.gid === gid && (one.mode & GROUP_WRITES) !== 0) ||
    (owners.length > 0 && gid === uid);
  const waived = (all ? OTHERS_WRITE : 0) | (group ? GROUP_WRITES : 0);
  const found = problemOf(path, { uid: 0, gid, mode: mode & ~waived });
  return found && `${printablePath(path)} ${found.message}`;
}

/** Root in a container works below the image's user (`/home/node/app`), and root's own file there is still root's. */
function isOursOrRoots(uid: number): boolean {
  return isOurs(uid) || process.geteuid?.() === 0;
}

function problemOf(path: string, { uid, gid, mode }: OwnerFacts): OwnershipProblem | undefined {
  if (!isOurs(uid)) return foreign(path, uid);
  const shown = `mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`;
  if ((mode & OTHERS_WRITE) !== 0) {
    const bits = mode & (GROUP_WRITES | OTHERS_WRITE);
    return { path, message: `can be written by every user (${shown})`, bits };
  }
  if ((mode & GROUP_WRITES) !== 0 && !isPrivateGroup(gid)) {
    const message = `can be written by the group ${nameOf('/etc/group', gid)} (${shown})`;
    return { path, message, bits: GROUP_WRITES };
  }
  return undefined;
}

function foreign(path: string, uid: number): OwnershipProblem {
  return { path, message: `belongs to ${nameOf('/etc/passwd', uid)}`, bits: 0 };
}

/** Whether this user or root is the owner. */
export function isOurs(uid: number): boolean {
  return process.geteuid === undefined || uid === 0 || uid === process.geteuid();
}

/**
 * Whether nobody but this user and root is in a group: where each user has a group of the own, umask 002 is ordinary, and
 * the files of a project are the group's to write. Seen from /etc/passwd and /etc/group, as sshd of Debian sees it.
 */
function isPrivateGroup(gid: number): boolean {
  const uid = process.geteuid?.();
  const name = userName();
  const users = accounts('/etc/passwd').filter((fields) => fields[3] === String(gid));
  const groups = accounts('/etc/group').filter((fields) => fields[2] === String(gid));
  const members = groups.flatMap((fields) => (fields[3] ?? '').split(',')).filter(Boolean);
  if (members.some((member) => member !== name && member !== 'root')) return false;
  // Several system accounts have root's group as theirs; whoever is in it by name was looked at above.
  if (gid === 0) return true;
  if (users.some((fields) => fields[2] !== String(uid) && fields[2] !== '0')) return false;
  // A directory service does not list its members here: there, only the number says that the group is one user's.
  return gid === uid || groups.some((fields) => fields[0] === name);
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined; // No account of this number, as in a container with `--user`.
  }
}

/** A number with its name, where the machine knows one. */
function nameOf(file: string, id: number): string {
  const found = accounts(file).find((fields) => fields[2] === String(id))?.[0];
  const kind = file === '/etc/group' ? 'gid' : 'uid';
  return found === undefined ? `${kind} ${id}` : `${printable(found, 64)} (${kind} ${id})`;
}

/** This user, as {@link nameOf} names owners. */
export function thisUser(): string {
  return nameOf('/etc/passwd', process.geteuid?.() ?? 0);
}

function accounts(file: string): string[][] {
  const lines = read(file).split('\n');
  return lines.map((line) => line.split(':'));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, ACCOUNTS_MAX);
  } catch {
    return '';
  }
}
