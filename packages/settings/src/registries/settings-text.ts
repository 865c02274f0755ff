import { TarwardenError } from '@tarwarden/core';
import { printable, printablePath } from '@tarwarden/core/text';
import { errnoOf, isMissing } from '@tarwarden/host/errno';
import { readBounded } from '@tarwarden/host/read-bounded';

/** Bytes of a settings file. A larger one is an error. */
const FILE_BYTES_MAX = 1024 * 1024;

/** The text of a file. Undefined if there is none. */
export function readSettingsText(
  path: string,
  { follow }: { follow: boolean },
): string | undefined {
  try {
    const { bytes } = readBounded(path, { bytesMax: FILE_BYTES_MAX, follow });
    if (bytes === undefined) throw unreadable(path, 'not a file, or too large');
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof TarwardenError) throw error;
    if (isMissing(error)) return undefined;
    throw unreadable(path, errnoOf(error) ?? 'unknown error');
  }
}

export function unreadable(path: string, why: string): TarwardenError {
  const message = `cannot read ${printablePath(path)} (${printable(why)}), so it is not known which registries are configured`;
  return new TarwardenError('NOT_INSPECTED', message);
}
