import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  writeSync,
  type Stats,
} from 'node:fs';

/** The file cannot be appended to. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
}

/**
 * Appends text by one write to a file, which is created if it is missing. Several processes may do so at once without mixing their
 * lines. It does not follow links, and writes only to regular files of this user.
 */
export function appendText(path: string, text: string): void {
  const descriptor = open(path);
  try {
    const problem = problemOf(fstatSync(descriptor));
    if (problem !== undefined) throw new AppendError(problem);
    const bytes = Buffer.from(text);
    const written = writeSync(descriptor, bytes);
    // The disk is full. The rest may mix with the lines of others, but it is still useful.
    if (written < bytes.length) writeSync(descriptor, bytes, written);
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  // Windows lacks this flag.
  if (O_NOFOLLOW === undefined && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new AppendError('it is a link');
  try {
    // Without O_NONBLOCK, opening a fifo would wait.
    const flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOFOLLOW;
    return openSync(path, flags, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ELOOP' ? 'it is a link' : (code ?? 'unknown');
    throw new AppendError(why, { cause: error });
  }
}

function problemOf(stat: Stats): string | undefined {
  if (!stat.isFile()) return 'it is not a regular file';
  if (stat.nlink > 1) return 'it has another name as well';
  return undefined;
}
