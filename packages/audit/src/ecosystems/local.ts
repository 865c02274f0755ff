/* Reads archives that a lockfile of Python names by path. */
import { basename } from 'node:path';
import { localArchive } from '../bytes/local-file.ts';
import type { LockfileEntry } from '../plan.ts';
import { noBytes, noIntegrity, type FindResult } from './archives.ts';
import { hasAll } from './download.ts';

/** @param root The folder of the whole project. */
export function localFor(entry: LockfileEntry, root: string): FindResult {
  const { source, integrity, name, version } = entry.locked;
  if (source.type !== 'file') throw new TypeError('not an archive on disk');
  if (integrity?.type !== 'sri') return noIntegrity();
  const found = localArchive(entry, root);
  if ('code' in found) return found;
  if (!hasAll(found.bytes, integrity.value))
    return noBytes('the file has one hash of the lockfile, and not another');
  const fileName = basename(source.path.replaceAll('\\', '/'));
  const expected = {
    fileName,
    ...(name !== '' && { name }),
    ...(version !== '' && { version }),
  };
  const format = fileName.endsWith('.whl') ? 'wheel' : 'sdist';
  return { content: found.bytes, from: found.from, format, expected };
}
