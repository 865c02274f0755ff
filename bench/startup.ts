import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { shown, spread, table } from './stats.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What every install pays, with nothing to judge: the file is loaded by a bare Node. */
const ADAPTERS: Readonly<Record<string, string>> = {
  'npm preload': 'packages/npm-wrapper/dist/preload.cjs',
  'pnpm hook': 'packages/pnpm-hook/dist/index.cjs',
  'yarn plugin (file only)': 'packages/yarn-plugin/dist/plugin-tarwarden.cjs',
};

function time(argv: readonly string[]): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, argv, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${argv.join(' ')} failed`);
  return performance.now() - start;
}

/** Milliseconds of wall time that loading each adapter adds to a bare Node, pair by pair. */
export function benchStartup(rounds: number): string {
  const rows: string[][] = [];
  for (const [name, path] of Object.entries(ADAPTERS)) {
    const file = join(root, path);
    if (!existsSync(file)) throw new Error(`${path} is not built: run \`pnpm build\` first`);
    const added: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const bare = time(['-e', '0']);
      const loaded = time(['--require', file, '-e', '0']);
      if (round > 0) added.push(loaded - bare);
    }
    rows.push([name, shown(spread(added), ' ms')]);
  }
  return `Start-up over bare Node (wall time, median of ${rounds} pairs):\n\n${table(['', 'added'], rows)}`;
}
