/** Copies what a commit of this checkout would have in it, files that are not committed yet among them. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execute } from './execute.ts';
import { repository } from './managers.ts';

export function copyCheckout(folder: string): void {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const list = execFileSync('git', args, { cwd: repository, encoding: 'utf8', maxBuffer: 1e8 });
  for (const path of list.split('\0').filter((name) => name !== '')) {
    const from = join(repository, path);
    if (statSync(from, { throwIfNoEntry: false })?.isFile() !== true) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(from, join(folder, path));
  }
}

/** The pnpm store from which this checkout was installed. pnpm has one for each disk, and a temporary folder may be on another. */
export async function checkoutStore(env: NodeJS.ProcessEnv): Promise<string> {
  return (await execute('pnpm', ['store', 'path'], { cwd: repository, env })).stdout.trim();
}
