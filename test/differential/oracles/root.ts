import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function workspaceRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'pnpm-workspace.yaml'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('not inside of the repository');
    folder = parent;
  }
  return folder;
}

/** The repository, found by climbing: in a bundle of the fuzzer this file has no place of its own. */
export const root: string = workspaceRoot();
