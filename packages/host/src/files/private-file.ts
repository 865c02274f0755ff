import { closeSync, fstatSync, openSync } from 'node:fs';
import { problemOfFile } from '../policy-files/ownership.ts';

/**
 * Reads a file that others can neither read nor write, nor put there.
 * @param refuse The error for another: why, and for which place where it is about one.
 * @throws that error, what the system says of a file that cannot be opened, and what `read` throws.
 */
export function readPrivate<T>(
  path: string,
  refuse: (why: string, place?: string) => Error,
  read: (fd: number) => T,
): T {
  const fd = openSync(path, 'r');
  try {
    const facts = fstatSync(fd);
    const problem = problemOfFile(path, facts);
    if (problem !== undefined) throw refuse(problem.message, problem.path);
    if (process.getuid !== undefined && (facts.mode & 0o044) !== 0)
      throw refuse('others can read it: chmod go-rwx');
    return read(fd);
  } finally {
    closeSync(fd);
  }
}
