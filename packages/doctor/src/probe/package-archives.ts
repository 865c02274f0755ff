/* Writes the archive of a canary into the folder in which it is tried. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  CANARY_MODULE,
  canaryTar,
  canaryZip,
  gemWithCanary,
  moduleProxyFiles,
  moduleWithCanary,
  npmWithCanary,
  sdistWithCanary,
  wheelWithCanary,
  type Canary,
  type CanaryArchive,
} from '@tarwarden/guarded-run/trial-archives';
import type { CanaryFolders } from './watch.ts';

/** Writes the archive for a canary, and the other files that it needs. Returns the path of the archive. */
export type PackCanary = (canary: Canary, place: CanaryFolders) => string;

const packed =
  (archive: CanaryArchive): PackCanary =>
  (canary, { root, sentinel }) => {
    const { fileName, bytes } = archive(canary, sentinel);
    return put(join(root, fileName), bytes);
  };

export const packTar: PackCanary = packed((canary, sentinel) => ({
  fileName: 'canary.tgz',
  bytes: canaryTar(canary, { sentinel }),
}));

export const packZip: PackCanary = packed((canary, sentinel) => ({
  fileName: 'canary.zip',
  bytes: canaryZip(canary, { sentinel }),
}));

export const packNpm: PackCanary = packed(npmWithCanary);
export const packWheel: PackCanary = packed(wheelWithCanary);
export const packSdist: PackCanary = packed(sdistWithCanary);
export const packGem: PackCanary = packed(gemWithCanary);

/** The folder that go takes as a module proxy. */
export function goProxy({ root }: Pick<CanaryFolders, 'root'>): string {
  return join(root, 'proxy');
}

export const packGo: PackCanary = (canary, place) => {
  const { bytes } = moduleWithCanary(canary, place.sentinel);
  const files = moduleProxyFiles(CANARY_MODULE, bytes).map(([path, content]) =>
    put(join(goProxy(place), path), content),
  );
  return files.at(-1)!;
};

function put(file: string, content: string | Uint8Array): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}
