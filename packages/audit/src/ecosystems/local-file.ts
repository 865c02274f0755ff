/* Reads archives that a lockfile names by path. */
import { join } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { hasIntegrity, isWithin, realAsFar } from '@tarwarden/host';
import { noBytes, readArchiveFile } from '../archives.ts';
import type { LockfileEntry } from '../plan.ts';
import type { NotInspectedReason } from '../result.ts';

/** @param root The folder of the whole project. A lockfile must not make an audit read files outside it. */
export function localArchive(
  { locked: { source, integrity }, folder }: LockfileEntry,
  root: string,
): { readonly content: Buffer; readonly from: 'file' } | NotInspectedReason {
  if (source.type !== 'file') throw new TypeError('not an archive on disk');
  const path = realAsFar(join(folder, source.path));
  const name = quote(source.path);
  if (!isWithin(realAsFar(root), path))
    return noBytes(
      `${name} leads out of the project, and is not read`,
      `inspect it by \`tarwarden scan\``,
    );
  const content = readArchiveFile(path);
  if (content === undefined) return noBytes(`there is no file ${name} that can be read`);
  if (integrity?.type === 'sri' && !hasIntegrity(content, integrity.value))
    return noBytes(
      `${name} does not have the integrity of the lockfile`,
      'have the lockfile written anew, if the file was changed on purpose',
    );
  return { content, from: 'file' };
}
