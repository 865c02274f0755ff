/* Compares a folder that a client unpacked into its cache with the files of the archive. */
import type { TreeClient, UnpackedFiles } from '@tarwarden/core/trees';
import { describeDifferences, folderDifferences, modeDifferences } from './differences.ts';
import type { SkipPath } from './folder-files.ts';

export interface UnpackedFolder {
  readonly path: string;
  readonly client: TreeClient;
  readonly skip: SkipPath;
  /** Files that the client makes executable when it installs the package. */
  readonly isCommand?: (path: string) => boolean;
}

const ALL_KINDS = ['changed', 'missing', 'added', 'links', 'modes'] as const;

/** Names the differences. Every file of the archive has to be in the folder, and no other. Undefined if there are none. */
export function differencesFrom(
  { path, skip, isCommand = () => false }: UnpackedFolder,
  files: UnpackedFiles,
): string | undefined {
  const modes = modeDifferences(files, path).filter((at) => !isCommand(at));
  return describeDifferences({ ...folderDifferences(files, path, skip), modes }, ALL_KINDS);
}
