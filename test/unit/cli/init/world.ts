/** A project in a folder of its own, and what stands for the guards' files. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  ProjectFiles,
  type SetUpPlan,
} from '../../../../packages/cli/src/commands/init/project-files.ts';
import { tree } from '../../../support/tree.ts';

export interface World {
  readonly root: string;
  readonly files: ProjectFiles;
  put(path: string, content: string | Uint8Array, mode?: number): string;
  /** What lies in the project. */
  tree(): string[];
  /** Makes the changes of a plan. */
  apply(plan: SetUpPlan): void;
  dispose(): void;
}

export function makeWorld(): World {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-init-')));
  const root = join(top, 'project');
  mkdirSync(join(root, '.git'), { recursive: true });
  const files = new ProjectFiles(root);
  return {
    root,
    files,
    put(path, content, mode) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode });
      return file;
    },
    tree: () => tree(root),
    apply: ({ changes }) => files.apply(changes),
    dispose: () => rmSync(top, { recursive: true, force: true }),
  };
}
