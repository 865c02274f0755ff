/* Reads archives that a lockfile names by path. */
import { basename, join } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { hasIntegrity, isWithin, realAsFar } from '@tarwarden/host';
import { noBytes, noIntegrity, type FindResult } from '../ecosystems/archives.ts';
import { hasAll } from '../ecosystems/download.ts';
import type { LockfileEntry } from '../plan.ts';
import type { NotInspectedReason } from '../result.ts';
import { readArchiveFile } from './read.ts';
import type { ObtainedBytes } from './source.ts';

/** @param root The folder of the whole project. A lockfile must not make an audit read files outside it. */
export function localArchive(
  { locked: { source, integrity }, folder }: LockfileEntry,
  root: string,
): ObtainedBytes | NotInspectedReason {
  if (source.type !== 'file') throw new TypeError('not an archive on disk');
  const path = realAsFar(join(folder, source.path));
  if (!isWithin(realAsFar(root), path)) {
    const message = `${quote(source.path)} leads out of the project, and is not read`;
    return { code: 'NO_BYTES', message, remedy: `inspect it by \`tarwarden scan\`` };
  }
  const bytes = readArchiveFile(path);
  if (bytes === undefined)
    return { code: 'NO_BYTES', message: `there is no file ${quote(source.path)} that can be read` };
  if (integrity?.type === 'sri' && !hasIntegrity(bytes, integrity.value)) {
    const message = `${quote(source.path)} does not have the integrity of the lockfile`;
    return {
      code: 'NO_BYTES',
      message,
      remedy: 'have the lockfile written anew, if the file was changed on purpose',
    };
  }
  const pinned = integrity?.type === 'sri';
  return { bytes, from: 'file', format: 'npm', ...(!pinned && { unpinned: true }) };
}

/** The same for a lockfile of Python, which may have several hashes for one file. */
export function localPythonArchive(entry: LockfileEntry, root: string): FindResult {
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
