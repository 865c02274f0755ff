import { readFileSync } from 'node:fs';
import { TarwardenError } from '@tarwarden/core';
import { printablePath } from '@tarwarden/core/text';
import { errnoOf, readPrivate } from '@tarwarden/host';
import { readSigningKey, type SigningKey } from '@tarwarden/host/signed-verdicts';

/**
 * Reads the private key in a file.
 * @throws TarwardenError if other users can read or write the file, or if it holds no key.
 */
export function signingKeyIn(path: string): SigningKey {
  const refuse = (why: string, place?: string): TarwardenError =>
    unusable(path, place === undefined ? why : `${printablePath(place)} ${why}`);
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
