/** The built command in a folder of its own. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execute, type Result } from '../../support/execute.ts';
import { repository } from '../../support/managers.ts';

export const program: string = join(repository, 'packages/cli/bin/tarwarden.js');

export interface Place {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  put(path: string, content: string | Uint8Array): string;
  run(
    args: readonly string[],
    more?: { input?: string; env?: NodeJS.ProcessEnv; cwd?: string },
  ): Promise<Result>;
  dispose(): void;
}

export function makePlace(): Place {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-cli-')));
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: join(root, 'home'),
    XDG_CONFIG_HOME: join(root, 'config'),
  };
  mkdirSync(join(root, '.git'));
  return {
    root,
    env,
    put(path, content) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    run: async (args, more = {}) =>
      execute(process.execPath, [program, ...args], {
        cwd: more.cwd ?? root,
        env: { ...env, ...more.env },
        input: more.input,
      }),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}
