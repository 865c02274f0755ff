import { printablePath } from '@tarwarden/core/text';

/** An error of the operating system, as Node throws it. */
interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
}

/** The problem and what a user can do about it, by the code of the operating system. */
const PROBLEMS: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  EACCES: [
    'this user has no permission for it',
    'give this user permission for the file and for the folders above it',
  ],
  EPERM: [
    'the system does not permit it',
    'give this user permission for the file and for the folders above it',
  ],
  EROFS: [
    'the file system is read-only',
    'use another folder: HOME, XDG_CONFIG_HOME and XDG_CACHE_HOME decide where tarwarden writes',
  ],
  ENOSPC: ['no space is left on the disk', 'free some space'],
  EDQUOT: ['the disk quota of this user is used up', 'free some space'],
  EMFILE: ['this process has too many files open', 'raise the limit (`ulimit -n`)'],
  ENFILE: ['the system has too many files open', 'close other programs'],
  ENOENT: ['it does not exist', 'check the path'],
  ENOTDIR: ['a part of the path is a file and not a folder', 'check the path'],
  EISDIR: ['it is a folder and not a file', 'check the path'],
  ELOOP: ['the path leads through too many links', 'check the path'],
  ENAMETOOLONG: ['the path is too long', 'use a shorter path'],
};

const NO_FOLDER =
  'the working folder no longer exists\nwhat to do: change to a folder that exists, then run the command again';

/**
 * The message for a problem of the user's machine: the system call failed, and tarwarden is not to blame. Undefined for other errors,
 * and for codes that are not known here.
 */
export function systemErrorText(error: unknown): string | undefined {
  const failure = systemErrorIn(error);
  if (failure === undefined) return undefined;
  const { code, syscall, path, dest } = failure;
  if (syscall === 'uv_cwd') return NO_FOLDER;
  const knownProblem = PROBLEMS[code];
  if (knownProblem === undefined) return undefined;
  const [problem, remedy] = knownProblem;
  const file = dest ?? path;
  const action =
    file === undefined
      ? `the system call ${syscall} failed`
      : `cannot ${ACTIONS[syscall] ?? 'use'} ${printablePath(file)}`;
  return `${action}: ${problem} (${code})\nwhat to do: ${remedy}, then run the command again`;
}

const ACTIONS: Readonly<Record<string, string>> = {
  mkdir: 'create the folder',
  mkdtemp: 'create a folder at',
  open: 'open',
  write: 'write to',
  rename: 'replace',
  unlink: 'remove',
  rmdir: 'remove the folder',
  scandir: 'list the folder',
  chmod: 'change the permissions of',
};

/** The error itself, or the cause that it wraps. */
function systemErrorIn(error: unknown): SystemError | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < 4 && current instanceof Error; depth += 1) {
    const { code, syscall } = current as Partial<SystemError>;
    if (typeof code === 'string' && typeof syscall === 'string') return current as SystemError;
    current = current.cause;
  }
  return undefined;
}
