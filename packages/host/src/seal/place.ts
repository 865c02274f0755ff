/* Where a folder and its seal are. */
import { lstatSync, type Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { printablePath } from '@tarwarden/core/text';
import { isWithin, realOrSame } from '../project/real-path.ts';

/** The file in a folder that has its seal. */
export const SEAL_NAME = '.tarwarden-seal';

/** A folder, and the use that is sealed with it. */
export interface SealedFolder {
  readonly folder: string;
  /** The file of the seal, if it is not in the folder. */
  readonly file?: string | undefined;
  readonly use: string;
}

export interface SealPlace {
  /** The folder, for the system. */
  readonly path: Buffer;
  readonly folderName: string;
  /** The path of the seal. */
  readonly seal: string;
  /** The name of the seal in the folder. Undefined if it is elsewhere. */
  readonly sealName: string | undefined;
  /** The kind of the thing at the path of the folder. */
  readonly kind: 'folder' | 'link' | 'other' | 'missing';
}

/** @throws TarwardenError if the seal would be somewhere in the folder. */
export function placeOf({ folder, file }: Omit<SealedFolder, 'use'>): SealPlace {
  // Without a slash at its end: the system would follow a link.
  const path = resolve(folder);
  const facts = lstatSync(path, { throwIfNoEntry: false });
  const kind = kindOf(facts);
  if (
    kind === 'folder' &&
    file !== undefined &&
    isWithin(realOrSame(path), realOrSame(dirname(resolve(file))))
  )
    throw new TarwardenError(
      'NOT_SEALED',
      `the seal ${printablePath(file)} would be in the folder that it lists: leave out --file, or choose a file elsewhere`,
    );
  return {
    path: Buffer.from(path),
    folderName: basename(path),
    seal: file === undefined ? join(path, SEAL_NAME) : resolve(file),
    sealName: file === undefined ? SEAL_NAME : undefined,
    kind,
  };
}

function kindOf(facts: Stats | undefined): SealPlace['kind'] {
  if (facts === undefined) return 'missing';
  if (facts.isDirectory()) return 'folder';
  return facts.isSymbolicLink() ? 'link' : 'other';
}
