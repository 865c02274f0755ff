/*
 * Finds and reads the policy of the machine, which an administrator distributes and which counts for every user. Its path is fixed: no
 * variable and no setting can move it. This file does not load the schema.
 */
import { lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join, parse, sep } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { printablePath } from '@tarwarden/core/text';
import { isMissing } from '../files/errno.ts';
import { readTextFile, type TextFile } from './text-file.ts';

/** The path of the policy of the machine, whether it exists or not. */
export function machinePolicyPath(platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return '/Library/Application Support/tarwarden/policy.json';
  return platform === 'win32'
    ? String.raw`C:\ProgramData\tarwarden\policy.json`
    : '/etc/tarwarden/policy.json';
}

/**
 * The policy of the machine; undefined if there is none.
 * @throws TarwardenError `POLICY_UNTRUSTED` if anybody but root can change it, and the errors of {@link readTextFile}.
 */
export function readMachinePolicy(path: string): TextFile | undefined {
  const file = readTextFile(path, { follow: true });
  if (file === undefined) {
    // An administrator has put a link here. A user who can change its target must not be able to remove the policy.
    const link = [dirname(path), path].find(isLink);
    if (link === undefined) return undefined;
    const problem = `${printablePath(link)} is a link that leads to no policy`;
    throw new TarwardenError('POLICY_UNREADABLE', `${unusable(path)}: ${problem}`);
  }
  const problem = problemOfRootsFile(path, file.stat);
  if (problem === undefined) return file;
  const lines = [
    `${unusable(path)}: ${printablePath(problem.path)} ${problem.message}, and only root may be able to change it`,
    `To correct it, as root: ${problem.remedy} ${printablePath(problem.path)}`,
  ];
  throw new TarwardenError('POLICY_UNTRUSTED', lines.join('\n'));
}

interface OwnershipProblem {
  /** The file, or a folder or link on the way to it. */
  readonly path: string;
  readonly message: string;
  /** The command of root that corrects it, without the path. */
  readonly remedy: string;
}

/** The most links on the way to a file, as in Linux. */
const LINKS_MAX = 40;

/**
 * The problem of an opened file that only root may be able to change or replace. Each folder and each link on the way to it counts, also
 * those to which a link leads. `facts` come from the file's descriptor.
 */
function problemOfRootsFile(path: string, facts: Stats): OwnershipProblem | undefined {
  if (process.geteuid === undefined) return undefined;
  let { root: folder } = parse(path);
  const names = path.slice(folder.length).split(sep);
  const rootProblem = problemOfRoots(path, facts) ?? problemOfRoots(folder, lstatSync(folder));
  if (rootProblem !== undefined) return rootProblem;
  for (let links = 0; names.length > 0;) {
    const nextPath = join(folder, names.shift()!);
    const stat = lstatSync(nextPath);
    const problem = problemOfRoots(nextPath, stat);
    if (problem !== undefined) return problem;
    if (!stat.isSymbolicLink()) {
      folder = nextPath;
      continue;
    }
    links += 1;
    if (links > LINKS_MAX)
      return { path, message: 'is behind too many links', remedy: 'chown root' };
    const target = readlinkSync(nextPath);
    if (isAbsolute(target)) folder = parse(target).root;
    names.unshift(...target.split(sep).filter((name) => name !== ''));
  }
  return undefined;
}

const WRITTEN_BY_OTHERS = 0o022;

function problemOfRoots(path: string, stat: Stats): OwnershipProblem | undefined {
  const { uid, mode } = stat;
  if (uid !== 0 && !isUnmapped(uid))
    return { path, message: `belongs to uid ${uid}`, remedy: 'chown root' };
  // Nobody can change a link itself, whatever its mode is.
  if (stat.isSymbolicLink() || (mode & WRITTEN_BY_OTHERS) === 0) return undefined;
  const octalMode = (mode & 0o7777).toString(8).padStart(4, '0');
  return {
    path,
    message: `can be written by other users (mode ${octalMode})`,
    remedy: 'chmod go-w',
  };
}

/** In a sandbox that maps only this user, all other owners, also root, appear as this number. */
const UNMAPPED_UID = 65_534;
const ALL_MAPPED = /^\s*0\s+0\s+4294967295\s*$/;

function isUnmapped(uid: number): boolean {
  if (uid !== UNMAPPED_UID) return false;
  try {
    return !ALL_MAPPED.test(readFileSync('/proc/self/uid_map', 'utf8'));
  } catch {
    return true;
  }
}

function unusable(path: string): string {
  return `the policy of this machine, ${printablePath(path)}, cannot be used`;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
