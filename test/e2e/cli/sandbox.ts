/** The built command in a folder of its own. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execute, type Result } from '../../support/execute.ts';
import { repository } from '../../support/managers.ts';

export const program: string = join(repository, 'packages/cli/bin/tarwarden.js');

export interface Place {
  readonly root: string;
  /** The user's own folder, which is not in the project. */
  readonly own: string;
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
  const own = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-cli-own-')));
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: join(own, 'home'),
    XDG_CONFIG_HOME: join(own, 'config'),
  };
  mkdirSync(join(root, '.git'));
  return {
    root,
    own,
    env,
    put(path, content) {
      const file = resolve(root, path);
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
    dispose() {
      for (const folder of [root, own]) rmSync(folder, { recursive: true, force: true });
    },
  };
}
