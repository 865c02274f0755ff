import { readFileSync } from 'node:fs';
import { TarwardenError } from '@tarwarden/core/errors';
import { printablePath } from '@tarwarden/core/text';
import { readSigningKey, type SigningKey } from '../signed-verdicts/index.ts';
import { errnoOf } from '../errno.ts';
import { readPrivate } from './private-file.ts';

/**
 * The private key in a file.
 * @throws TarwardenError for one that others can read or write, and for what is not a key.
 */
export function signingKeyIn(path: string): SigningKey {
  const refuse = (why: string, folder?: string): TarwardenError =>
    unusable(path, folder === undefined ? why : `${printablePath(folder)} ${why}`);
  try {
    return readSigningKey(readPrivate(path, refuse, (fd) => readFileSync(fd, 'utf8')));
  } catch (error) {
    if (error instanceof TarwardenError) throw error;
    const errno = errnoOf(error);
    throw unusable(path, errno ?? (error instanceof Error ? error.message : String(error)));
  }
}

function unusable(path: string, why: string): TarwardenError {
  return new TarwardenError(
    'KEY_UNUSABLE',
    `the key ${printablePath(path)} cannot be used: ${why}`,
  );
}
