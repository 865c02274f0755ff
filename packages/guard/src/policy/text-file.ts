import { lstatSync, type Stats } from 'node:fs';
import { TarwardenError } from '@tarwarden/core/errors';
import { MAX_MANIFEST_FILE_BYTES, MAX_POLICY_BYTES } from '@tarwarden/core/limits';
import { printablePath } from '@tarwarden/core/text';
import { isMissing } from '../files/errno.ts';
import { readBounded, type BoundedRead } from '../files/read-bounded.ts';

/** The text of a file without its byte order mark, and the facts of the descriptor that it was read from. */
export interface TextFile {
  readonly text: string;
  readonly stat: Stats;
}

/**
 * A small configuration file; undefined if there is none. Throws `POLICY_UNREADABLE` if it cannot be read, and `POLICY_INVALID` if
 * it is not a regular file, larger than `MAX_POLICY_BYTES`, not UTF-8, or (unless `follow`) a symbolic link.
 */
export function readTextFile(
  path: string,
  options: { readonly follow: boolean },
): TextFile | undefined {
  const name = printablePath(path);
  let readResult: BoundedRead;
  try {
    if (!options.follow && lstatSync(path).isSymbolicLink()) {
      throw new TarwardenError(
        'POLICY_INVALID',
        `${name} is a symbolic link: a repository's policy has to be in the repository, where changes are reviewed`,
      );
    }
    readResult = readBounded(path, { bytesMax: MAX_POLICY_BYTES, follow: options.follow });
  } catch (error) {
    if (error instanceof TarwardenError) throw error;
    if (isMissing(error)) return undefined;
    const { code } = error as NodeJS.ErrnoException;
    throw new TarwardenError('POLICY_UNREADABLE', `cannot read ${name}: ${code ?? 'unknown'}`, {
      cause: error,
    });
  }
  const { stat, bytes } = readResult;
  if (!stat.isFile()) throw new TarwardenError('POLICY_INVALID', `${name} is not a file`);
  if (bytes === undefined) {
    const problem = `${name} is larger than ${MAX_POLICY_BYTES} bytes`;
    throw new TarwardenError('POLICY_INVALID', problem);
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), stat };
  } catch (error) {
    throw new TarwardenError('POLICY_INVALID', `${name} is not UTF-8 text`, { cause: error });
  }
}

/** A package.json as managers read it; undefined if it cannot contain a policy. */
export function manifestFile(path: string): TextFile | undefined {
  try {
    const { stat, bytes } = readBounded(path, { bytesMax: MAX_MANIFEST_FILE_BYTES, follow: true });
    // A byte that is not UTF-8 becomes U+FFFD, as for the managers.
    return bytes === undefined ? undefined : { text: new TextDecoder().decode(bytes), stat };
  } catch {
    return undefined;
  }
}
