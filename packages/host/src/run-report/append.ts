import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  writeSync,
  type Stats,
} from 'node:fs';

/** A file that nothing is appended to. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
}

/**
 * Appends text to a file that is made where it is missing, by one write: several processes may do so at a time, and their lines
 * do not mix. A link is not followed, and nothing but a regular file of this user's is written to.
 */
export function appendText(path: string, text: string): void {
  const descriptor = open(path);
  try {
    const problem = problemOf(fstatSync(descriptor));
    if (problem !== undefined) throw new AppendError(problem);
    const bytes = Buffer.from(text);
    const written = writeSync(descriptor, bytes);
    // A full disk: the rest may mix with what others write, and is of use all the same.
    if (written < bytes.length) writeSync(descriptor, bytes, written);
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  // Windows has no such flag.
  if (O_NOFOLLOW === undefined && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new AppendError('it is a link');
  try {
    // Without O_NONBLOCK, a fifo would be waited for.
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
  const me = process.geteuid?.();
  if (me !== undefined && me !== 0 && stat.uid !== me) return 'it belongs to somebody else';
  return undefined;
}
