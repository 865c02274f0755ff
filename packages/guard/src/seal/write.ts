import type { Worker } from 'node:worker_threads';
import { TarwardenError } from '@tarwarden/core/errors';
import { replaceFile } from '../files/replace-file.ts';
import { contents } from './contents.ts';
import { SealEncoder, type FileContent, type SealedEntry } from './format.ts';
import {
  placeOf,
  type SealedFolder,
  pathBelow,
  shownPath,
  walkFolder,
  type FolderEnd,
  type WalkedEntry,
} from './walk.ts';

export interface SealOptions extends SealedFolder {
  readonly key: Buffer;
  /** Starts a thread that runs `serveContents`. */
  readonly startThread: () => Worker;
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
export async function writeSeal(options: SealOptions): Promise<SealTotals> {
  const { key, use, startThread, onProgress } = options;
  const { path: folder, folderName, seal, sealName, kind } = placeOf(options);
  if (kind !== 'folder') throw notSealed(folder, NO_FOLDER[kind]);
  const encoder = new SealEncoder({ key, use, folderName });
  let entries = 0;
  let bytes = 0;
  const steps = walkFolder(folder, sealName);
  for await (const [step, content] of contents({ folder, steps, fileOf, startThread })) {
    if (step.kind === 'end') {
      step.check();
      continue;
    }
    if (!encoder.add(sealedEntry(folder, step, content)))
      throw notSealed(folder, 'has paths that are too long for one seal');
    entries += 1;
    bytes += content?.size ?? 0;
    onProgress(entries);
  }
  replaceFile(seal, encoder.end());
  return { entries, bytes };
}

function fileOf(step: WalkedEntry | FolderEnd): { readonly path: Buffer } | undefined {
  return step.kind === 'file' ? { path: step.path } : undefined;
}

function sealedEntry(
  folder: Buffer,
  step: WalkedEntry,
  content: FileContent | undefined,
): SealedEntry {
  if (step.kind === 'folder' || step.kind === 'link') return step;
  if (content === undefined)
    throw notSealed(pathBelow(folder, step.path), 'is a device, a pipe or a socket');
  return { kind: 'file', path: step.path, content };
}

function notSealed(path: Buffer, why: string): TarwardenError {
  return new TarwardenError('NOT_SEALED', `${shownPath(path)} ${why}`);
}
