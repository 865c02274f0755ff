import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ratios, shown, spread, table } from './stats.ts';

const preload = fileURLToPath(new URL('../packages/npm-wrapper/dist/preload.cjs', import.meta.url));

/** A project of some 500 packages, as many have. */
const PROJECT = {
  name: 'bench-project',
  private: true,
  dependencies: { react: '^19', 'react-dom': '^19', 'react-router-dom': '^7' },
  devDependencies: {
    '@vitejs/plugin-react': '^5',
    eslint: '^9',
    'eslint-plugin-react': '^7',
    'eslint-plugin-import': '^2',
    jsdom: '^26',
    typescript: '^5',
    'typescript-eslint': '^8',
    vite: '^7',
    vitest: '^3',
  },
};

/**
 * `npm ci` with a warm cache, guarded and unguarded in turn. The cache is filled from the registry that npm is
 * configured for, in a folder of its own; no lifecycle script runs.
 */
export async function benchNpm(rounds: number): Promise<string> {
  if (!existsSync(preload))
    throw new Error('packages/npm-wrapper is not built: run `pnpm build` first');
  const root = mkdtempSync(join(tmpdir(), 'tarwarden-bench-'));
  try {
    const template = join(root, 'template');
    mkdirSync(template);
    writeFileSync(join(template, 'package.json'), JSON.stringify(PROJECT));
    const cache = join(root, 'cache');
    run(template, ['install'], { cache, guarded: false });
    const packages = countPackages(template);
    rmSync(join(template, 'node_modules'), { recursive: true });
    const times: Record<'plain' | 'guarded', number[]> = { plain: [], guarded: [] };
    for (let round = 0; round <= rounds; round++) {
      for (const kind of ['plain', 'guarded'] as const) {
        const project = join(root, 'project');
        cpSync(template, project, { recursive: true });
        const start = performance.now();
        run(project, ['ci', '--prefer-offline'], { cache, guarded: kind === 'guarded' });
        if (round > 0) times[kind].push(performance.now() - start);
        rmSync(project, { recursive: true });
      }
    }
    const rows = [
      ['unguarded', shown(spread(times.plain), ' ms'), '1'],
      ['guarded', shown(spread(times.guarded), ' ms'), shown(ratios(times.guarded, times.plain))],
    ];
    return `npm ci, warm cache, ${packages} packages (wall time, median of ${rounds} pairs):\n\n${table(['', 'time', 'over unguarded'], rows)}`;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function run(cwd: string, args: readonly string[], how: { cache: string; guarded: boolean }): void {
  const { status, stderr } = spawnSync(
    'npm',
    [...args, '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      cwd,
      encoding: 'utf8',
      shell: process.platform === 'win32',
      env: {
        ...process.env,
        npm_config_cache: how.cache,
        ...(how.guarded && { NODE_OPTIONS: `--require "${preload}"` }),
      },
    },
  );
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stderr}`);
}

function countPackages(project: string): number {
  const { stdout } = spawnSync('npm', ['ls', '--all', '--parseable'], {
    cwd: project,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return new Set(stdout.trim().split('\n')).size - 1;
}
