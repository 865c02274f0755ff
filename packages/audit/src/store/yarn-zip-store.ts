/* Folders with the zips of Yarn 2 and newer. The checksum in the lockfile is the hash of the zip. */
import { join } from 'node:path';
import { zipsFor } from '../bytes/yarn-zips.ts';
import { digestOfFile } from '@tarwarden/host';
import {
  differing,
  notCompared,
  SAME,
  wrongKind,
  type ClientStore,
  type StoredOutcome,
} from './stored.ts';

export function yarnZipStore(folder: string): ClientStore {
  const zips = zipsFor(folder);
  return {
    itemsFor(task) {
      const locked = task.find(({ kind }) => kind === 'yarn-berry')?.locked;
      if (locked === undefined) return [];
      const { integrity } = locked;
      return zips(locked).map((zip) => {
        const path = join(folder, zip);
        const compare = (): StoredOutcome => {
          const wrong = wrongKind(path, 'file', 'Yarn');
          if (wrong !== undefined) return wrong;
          if (integrity?.type !== 'yarn-zip') return notCompared(path, NO_CHECKSUM);
          return digestOfFile(path, 'sha512') === integrity.sha512
            ? SAME
            : differing(path, 'does not have the checksum of yarn.lock');
        };
        return { path, compare };
      });
    },
  };
}

const NO_CHECKSUM =
  'yarn.lock has no checksum for it, as for a package of another platform than the one on which it was written';
