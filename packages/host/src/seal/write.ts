import { TarwardenError } from '@tarwarden/core/errors';
import { replaceFile } from '../files/replace-file.ts';
import { fileContent } from './file-content.ts';
import { SealEncoder, type SealedEntry } from './format.ts';
import {
  placeOf,
  type SealedFolder,
  pathBelow,
  shown,
  walkFolder,
  type WalkedEntry,
} from './walk.ts';

export interface SealOptions extends SealedFolder {
  readonly key: Buffer;
  /** Called with the number of entries that are done. */
  readonly onProgress: (entries: number) => void;
}

export interface SealTotals {
  readonly entries: number;
  readonly bytes: number;
}

const NO_FOLDER = {
  missing: 'does not exist',
  link: 'is a link: name the folder to which it leads',
  other: 'is not a folder',
} as const;

/**
 * Writes the seal of a folder.
 * @throws TarwardenError if the folder contains something that cannot be sealed, cannot be read, or changes meanwhile.
 */
export function writeSeal(options: SealOptions): SealTotals {
  const { key, use, onProgress } = options;
  const { path: folder, folderName, seal, sealName, kind } = placeOf(options);
  if (kind !== 'folder') throw notSealed(folder, NO_FOLDER[kind]);
  const encoder = new SealEncoder({ key, use, folderName });
  let entries = 0;
  let bytes = 0;
  for (const step of walkFolder(folder, sealName)) {
    if (step.kind === 'end') {
      step.check();
      continue;
    }
    const entry = sealedEntry(folder, step);
    if (!encoder.add(entry)) throw notSealed(folder, 'has paths that are too long for one seal');
    entries += 1;
    if (entry.kind === 'file') bytes += entry.content.size;
    onProgress(entries);
  }
  replaceFile(seal, encoder.end());
  return { entries, bytes };
}

function sealedEntry(folder: Buffer, step: WalkedEntry): SealedEntry {
  if (step.kind === 'folder' || step.kind === 'link') return step;
  const path = pathBelow(folder, step.path);
  if (step.kind === 'special') throw notSealed(path, 'is a device, a pipe or a socket');
  return { kind: 'file', path: step.path, content: fileContent(path) };
}

function notSealed(path: Buffer, why: string): TarwardenError {
  return new TarwardenError('NOT_SEALED', `${shown(path)} ${why}`);
}
