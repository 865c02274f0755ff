/* Checks whether only this user and root can write a file, so that it may decide what is accepted. */
import { lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { printable, printablePath } from '@tarwarden/core/text';

/** The facts of a file or folder that decide about ownership. */
export interface OwnerFacts {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** The reason why a file cannot be trusted. */
export interface OwnershipProblem {
  /** The file, or the folder on the way to it. */
  readonly path: string;
  /** A predicate, safe for a terminal. */
  readonly message: string;
  /** The mode bits to remove; 0 if the file belongs to another user. */
  readonly bits: number;
}

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;
/** The most bytes of /etc/passwd and /etc/group that are read: enough for a large site. */
const ACCOUNTS_MAX = 16 * 1024 * 1024;

/** The problem of an opened file. `facts` come from its descriptor, so that the file cannot be swapped in between. */
export function problemOfFile(path: string, facts: OwnerFacts): OwnershipProblem | undefined {
  if (process.geteuid === undefined) return undefined;
  return problemOf(path, facts) ?? problemOfFolders(path);
}

/** Checks the folders of a file. Its own folder must belong to this user; no stranger may be able to replace a folder above. */
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
    // In a sticky folder, only the owner of an entry can replace it, so each entry must belong to this user or root.
    const link = lstatSync(below);
    if (link.isSymbolicLink() && !isOurs(link.uid)) return foreign(below, link.uid);
    const found = problemOfHolder(folder, isTrusted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a stranger can replace an entry of a folder. */
function problemOfHolder(
  folder: string,
  isTrusted: (uid: number) => boolean,
): OwnershipProblem | undefined {
  const { uid, gid, mode } = statSync(folder);
  const counted = (mode & STICKY) === 0 ? mode : mode & ~(GROUP_WRITES | OTHERS_WRITE);
  return problemOf(folder, { uid: isTrusted(uid) ? 0 : uid, gid, mode: counted });
}

/**
 * The reason why strangers could replace entries of a folder, as a sentence safe for a terminal; undefined if they cannot. In a
 * folder that all may write, only the sticky bit protects the entries.
 * @throws the errors of node:fs.
 */
export function problemOfPlace(folder: string): string | undefined {
  if (process.geteuid === undefined) return undefined;
  for (const start of new Set([resolve(folder), realpathSync(folder)])) {
    const found = problemOfHolder(start, isOursHere) ?? problemAbove(start, isOursHere);
    if (found !== undefined) return `${printablePath(found.path)} ${found.message}`;
  }
  return undefined;
}

/** In a sandbox that maps only this user, all other owners, also root, appear as this number. */
const UNMAPPED_UID = 65_534;
const ALL_MAPPED = /^\s*0\s+0\s+4294967295\s*$/;

function isUnmapped(uid: number): boolean {
  return uid === UNMAPPED_UID && !ALL_MAPPED.test(read('/proc/self/uid_map'));
}

/** Whether the owner is this user or root, or appears as {@link UNMAPPED_UID}. */
export function isOursHere(uid: number): boolean {
  return isOurs(uid) || isUnmapped(uid);
}

/** The most links on the way to a file, as in Linux. */
const LINKS_MAX = 40;

/**
 * The problem of an opened file that only root may be able to change or replace. Each folder and each link on the way to it counts, also
 * those to which a link leads. `facts` come from the file's descriptor.
 */
export function problemOfRootsFile(path: string, facts: OwnerFacts): OwnershipProblem | undefined {
  if (process.geteuid === undefined) return undefined;
  const own = problemOfRoots(path, facts);
  if (own !== undefined) return own;
  let { root: place } = parse(path);
  const names = path.slice(place.length).split(sep);
  const top = problemOfRoots(place, lstatSync(place));
  if (top !== undefined) return top;
  for (let links = 0; names.length > 0;) {
    const next = join(place, names.shift()!);
    const stat = lstatSync(next);
    const isLink = stat.isSymbolicLink();
    // Nobody can change a link itself, whatever its mode is.
    const found = problemOfRoots(next, { uid: stat.uid, mode: isLink ? 0 : stat.mode });
    if (found !== undefined) return found;
    if (!isLink) {
      place = next;
      continue;
    }
    links += 1;
    if (links > LINKS_MAX) return { path, message: 'is behind too many links', bits: 0 };
    const target = readlinkSync(next);
    if (isAbsolute(target)) place = parse(target).root;
    names.unshift(...target.split(sep).filter((name) => name !== ''));
  }
  return undefined;
}

function problemOfRoots(
  path: string,
  { uid, mode }: Pick<OwnerFacts, 'uid' | 'mode'>,
): OwnershipProblem | undefined {
  if (uid !== 0 && !isUnmapped(uid)) return foreign(path, uid);
  const bits = mode & (GROUP_WRITES | OTHERS_WRITE);
  if (bits === 0) return undefined;
  return { path, message: `can be written by other users (${modeText(mode)})`, bits };
}

/** Root in a container works below the image's user (`/home/node/app`), and files of root in there still belong to root. */
function isOursOrRoots(uid: number): boolean {
  return isOursHere(uid) || process.geteuid?.() === 0;
}

/** Whether somebody else can write a file or folder, by its own facts. */
export function problemOf(
  path: string,
  { uid, gid, mode }: OwnerFacts,
): OwnershipProblem | undefined {
  if (!isOurs(uid)) return foreign(path, uid);
  const shown = modeText(mode);
  if ((mode & OTHERS_WRITE) !== 0) {
    const bits = mode & (GROUP_WRITES | OTHERS_WRITE);
    return { path, message: `can be written by every user (${shown})`, bits };
  }
  if ((mode & GROUP_WRITES) !== 0 && !isPrivateGroup(gid)) {
    const message = `can be written by the group ${nameById('/etc/group', gid)} (${shown})`;
    return { path, message, bits: GROUP_WRITES };
  }
  return undefined;
}

function modeText(mode: number): string {
  return `mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`;
}

function foreign(path: string, uid: number): OwnershipProblem {
  return { path, message: `belongs to ${nameById('/etc/passwd', uid)}`, bits: 0 };
}

/** Whether this user or root is the owner. */
export function isOurs(uid: number): boolean {
  return process.geteuid === undefined || uid === 0 || uid === process.geteuid();
}

/**
 * Whether only this user and root are members of a group. Many systems give each user a group and set umask 002, so that project
 * files are group-writable. Reads /etc/passwd and /etc/group, as Debian's sshd does.
 */
function isPrivateGroup(gid: number): boolean {
  const uid = process.geteuid?.();
  const name = userName();
  const users = accounts('/etc/passwd').filter((fields) => fields[3] === String(gid));
  const groups = accounts('/etc/group').filter((fields) => fields[2] === String(gid));
  const members = groups.flatMap((fields) => (fields[3] ?? '').split(',')).filter(Boolean);
  if (members.some((member) => member !== name && member !== 'root')) return false;
  // Several system accounts have root's group as their primary group. Named members were checked above.
  if (gid === 0) return true;
  if (users.some((fields) => fields[2] !== String(uid) && fields[2] !== '0')) return false;
  // Members from a directory service are not in these files. Then only an equal number shows that the group belongs to one user.
  return gid === uid || groups.some((fields) => fields[0] === name);
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined; // No account of this number, as in a container with `--user`.
  }
}

/** A user or group number with its name, if the machine knows it. */
function nameById(file: string, id: number): string {
  const found = accounts(file).find((fields) => fields[2] === String(id))?.[0];
  const kind = file === '/etc/group' ? 'gid' : 'uid';
  return found === undefined ? `${kind} ${id}` : `${printable(found, 64)} (${kind} ${id})`;
}

/** This user, written as {@link nameById} writes owners. */
export function thisUser(): string {
  return nameById('/etc/passwd', process.geteuid?.() ?? 0);
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
