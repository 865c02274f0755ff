import { spawn, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMirror, type Mirror } from './mirror.ts';
import { ratios, shown, spread, table } from './stats.ts';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const hook = at('packages/pnpm-hook/dist/index.cjs');
const node = at('test/runtimes/node_modules/node-24/bin/node');

/** Programs by name; pnpm 12 is a program of its own. */
const PNPMS: Readonly<Record<string, readonly string[]>> = {
  'pnpm 10': [node, at('test/runtimes/node_modules/pnpm-10/bin/pnpm.cjs')],
  'pnpm 11': [node, at('test/runtimes/node_modules/pnpm-11/bin/pnpm.mjs')],
  'pnpm 12': [at('test/runtimes/node_modules/pnpm-12/pnpm')],
};

/** A project of some 500 packages, as many have. */
const PROJECT = {
  name: 'bench-project',
  private: true,
  dependencies: { react: '^19', 'react-dom': '^19', 'react-router-dom': '^7' },
  devDependencies: {
    '@testing-library/react': '^16',
    '@vitejs/plugin-react': '^5',
    eslint: '^9',
    'eslint-plugin-import': '^2',
    'eslint-plugin-jsx-a11y': '^6',
    'eslint-plugin-react': '^7',
    jsdom: '^26',
    prettier: '^3',
    typescript: '^5',
    'typescript-eslint': '^8',
    vite: '^7',
    vitest: '^3',
  },
};

type Kind = 'plain' | 'guarded';
const KINDS: readonly Kind[] = ['plain', 'guarded'];

/** What is taken away before an install. */
const SCENES: Readonly<Record<string, readonly string[]>> = {
  'cold: no store, nothing judged before': ['store', 'cache/tarwarden'],
  'cold: no store, judged before': ['store'],
  'warm: store full, judged before': [],
};

/**
 * `pnpm install --frozen-lockfile` with each pnpm, with and without the hook in turn, from a loopback copy of the
 * registry that npm is configured for. No lifecycle script runs.
 */
export async function benchPnpm(rounds: number): Promise<string> {
  if (!existsSync(hook)) throw new Error('packages/pnpm-hook is not built: run `pnpm build` first');
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const mirror = await startMirror(registry.replace(/\/*$/, '/'));
  const root = mkdtempSync(join(tmpdir(), 'tarwarden-bench-'));
  try {
    const rows: string[][] = [];
    for (const [name, command] of Object.entries(PNPMS)) {
      const home = join(root, name.replace(' ', '-'));
      const packages = await prepare(home, command, mirror);
      for (const [scene, gone] of Object.entries(SCENES)) {
        const times = await measure({ home, command, gone, rounds });
        const ratio = shown(ratios(times.guarded, times.plain));
        const [plain, guarded] = KINDS.map((kind) => shown(spread(times[kind]), ' s'));
        const row = [`${name}, ${packages} packages, ${scene}`, plain ?? '', guarded ?? '', ratio];
        rows.push(row);
        // The whole takes long: each row is told as it comes.
        console.error(row.join(' | '));
      }
    }
    const head = ['', 'without hook', 'with hook', 'ratio'];
    return `pnpm install --frozen-lockfile (wall time, median of ${rounds} pairs):\n\n${table(head, rows)}`;
  } finally {
    mirror.close();
    rmSync(root, { recursive: true, force: true });
  }
}

interface Setting {
  readonly home: string;
  readonly command: readonly string[];
}

/** A home with a lockfile and a full store for each kind. Returns how many packages are in the lockfile. */
async function prepare(home: string, command: readonly string[], mirror: Mirror): Promise<number> {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, '.npmrc'), `registry=${mirror.url}\n`);
  const before = mirror.tarballs();
  for (const kind of KINDS) {
    const template = join(home, `template-${kind}`);
    mkdirSync(template);
    writeFileSync(join(template, 'package.json'), JSON.stringify(PROJECT));
    if (kind === 'guarded')
      writeFileSync(
        join(template, '.pnpmfile.cjs'),
        `module.exports = require(${JSON.stringify(hook)})\n`,
      );
    await run({ home, command }, template, ['install', '--no-frozen-lockfile']);
    rmSync(join(template, 'node_modules'), { recursive: true });
  }
  return mirror.tarballs() - before || mirror.tarballs();
}

async function measure(
  setting: Setting & { gone: readonly string[]; rounds: number },
): Promise<Record<Kind, number[]>> {
  const times: Record<Kind, number[]> = { plain: [], guarded: [] };
  for (let round = 0; round <= setting.rounds; round++) {
    for (const kind of KINDS) {
      const project = join(setting.home, 'project');
      cpSync(join(setting.home, `template-${kind}`), project, { recursive: true });
      for (const path of setting.gone)
        rmSync(join(setting.home, path), { recursive: true, force: true });
      const start = performance.now();
      await run(setting, project, ['install', '--frozen-lockfile']);
      if (round > 0) times[kind].push((performance.now() - start) / 1000);
      rmSync(project, { recursive: true });
    }
  }
  return times;
}

async function run(
  { home, command }: Setting,
  cwd: string,
  args: readonly string[],
): Promise<void> {
  const [program = '', ...first] = command;
  const env = {
    PATH: [dirname(node), process.env['PATH'] ?? ''].join(delimiter),
    HOME: home,
    CI: 'true',
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
    npm_config_store_dir: join(home, 'store'),
    pnpm_config_store_dir: join(home, 'store'),
  };
  const child = spawn(program, [...first, ...args, '--ignore-scripts'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}:\n${output}`);
}
