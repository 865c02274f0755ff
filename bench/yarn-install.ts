/* `yarn install` with and without the plugin. Run alone: `node scripts/run-ts.mjs bench/yarn-install.ts [ROUNDS]`. */
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ratios, shown, spread, table } from './stats.ts';

const plugin = fileURLToPath(
  new URL('../packages/yarn-plugin/dist/plugin-tarwarden.cjs', import.meta.url),
);
const repository = fileURLToPath(new URL('..', import.meta.url));
const yarn = join(repository, 'test', 'runtimes', 'node_modules', 'yarn-4', 'bin', 'yarn.js');

/** A project of some 500 packages, as many have. */
const PROJECT = {
  name: 'bench-project',
  private: true,
  dependencies: { react: '^19', 'react-dom': '^19', 'react-router-dom': '^7' },
  devDependencies: {
    '@vitejs/plugin-react': '^5',
    '@testing-library/react': '^16',
    '@vitest/coverage-v8': '^3',
    eslint: '^9',
    'eslint-plugin-import': '^2',
    'eslint-plugin-jsx-a11y': '^6',
    'eslint-plugin-react': '^7',
    jsdom: '^26',
    postcss: '^8',
    prettier: '^3',
    sass: '^1',
    storybook: '^9',
    tailwindcss: '^3',
    typescript: '^5',
    'typescript-eslint': '^8',
    vite: '^7',
    vitest: '^3',
  },
};

/** Milliseconds. Processor time is that of all of Yarn's threads, and less disturbed by what else the machine does. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

const METER = `
  if (require('worker_threads').isMainThread) {
    process.on('exit', () => {
      require('fs').writeFileSync(process.env.BENCH_READING, JSON.stringify(process.cpuUsage()));
    });
  }
`;

/** What is kept between two installs, and how the guard stands. */
interface Case {
  readonly name: string;
  readonly guard: 'none' | 'default' | 'strict';
  /** Archives in the global cache. */
  readonly archives: boolean;
  /** Verdicts of an install before. */
  readonly verdicts: boolean;
}

const CASES: readonly Case[] = [
  { name: 'cold, unguarded', guard: 'none', archives: false, verdicts: false },
  { name: 'cold, guarded', guard: 'default', archives: false, verdicts: false },
  { name: 'warm, unguarded', guard: 'none', archives: true, verdicts: false },
  { name: 'warm, guarded', guard: 'default', archives: true, verdicts: true },
  { name: 'warm, guarded, first time', guard: 'default', archives: true, verdicts: false },
  { name: 'warm, strict, first time', guard: 'strict', archives: true, verdicts: false },
];

/** Folders of a finished install: its archives, its verdicts. */
const FILLED = { yarn: 'filled', xdg: 'filled' };

type Linker = 'node-modules' | 'pnp';

interface Bench {
  readonly root: string;
  readonly registry: string;
}

/**
 * `yarn install` of a locked project in every case in turn, round by round. Packages are taken once from the registry
 * that npm is configured for, then from memory by the loopback address, so that no network is measured.
 */
export async function benchYarn(rounds: number): Promise<void> {
  // As it comes: the whole takes long.
  const say = console.log;
  if (!existsSync(plugin)) {
    throw new Error('packages/yarn-plugin is not built: run `pnpm build` first');
  }
  const root = mkdtempSync(join(tmpdir(), 'tarwarden-bench-'));
  const mirror = await startMirror();
  const bench: Bench = {
    root,
    registry: `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`,
  };
  try {
    const template = join(root, 'template');
    mkdirSync(template);
    writeFileSync(join(template, 'package.json'), JSON.stringify(PROJECT));
    writeFileSync(join(template, 'yarn.lock'), '');
    configure(template, bench, { linker: 'pnp', guard: 'default' });
    await run(template, ['install'], bench, FILLED);
    const archives = readdirSync(join(root, 'filled', 'yarn', 'cache'));
    say(
      `yarn install, ${archives.length} packages (wall time, median of ${rounds} rounds, least and most)\n`,
    );
    const size = Math.ceil(statSync(plugin).size / 1024);
    say(`plugin file: ${size} kB; ${await startUp(bench, rounds)}\n`);
    for (const linker of ['node-modules', 'pnp'] as const) {
      say(`nodeLinker ${linker}:\n\n${await measure(bench, linker, rounds)}\n`);
    }
  } finally {
    mirror.closeAllConnections();
    mirror.close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function measure(bench: Bench, linker: Linker, rounds: number): Promise<string> {
  const times = new Map<string, Cost[]>(CASES.map((one) => [one.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const one of CASES) {
      const project = join(bench.root, 'project');
      const state = join(bench.root, 'state');
      cpSync(join(bench.root, 'template'), project, { recursive: true });
      for (const name of ['.pnp.cjs', '.pnp.loader.mjs', '.yarn']) {
        rmSync(join(project, name), { recursive: true, force: true });
      }
      configure(project, bench, { linker, guard: one.guard });
      mkdirSync(state);
      const filled = join(bench.root, 'filled');
      if (one.verdicts) cpSync(join(filled, 'xdg'), join(state, 'xdg'), { recursive: true });
      const cost = await run(project, ['install'], bench, {
        yarn: one.archives ? 'filled' : 'state',
        xdg: 'state',
      });
      times.get(one.name)!.push(cost);
      rmSync(project, { recursive: true });
      rmSync(state, { recursive: true });
    }
  }
  const rows = CASES.map((one) => {
    const base = times.get(one.archives ? 'warm, unguarded' : 'cold, unguarded')!;
    const own = times.get(one.name)!;
    const of = (what: keyof Cost, list: readonly Cost[]): number[] =>
      list.map((each) => each[what]);
    return [
      one.name,
      shown(spread(of('wall', own)), ' ms'),
      shown(ratios(of('wall', own), of('wall', base))),
      shown(ratios(of('cpu', own), of('cpu', base))),
    ];
  });
  return table(['', 'time', 'over unguarded', 'processor time over unguarded'], rows);
}

/** What the plugin costs a command that fetches nothing. */
async function startUp(bench: Bench, rounds: number): Promise<string> {
  const times = { none: [] as number[], default: [] as number[] };
  for (let round = 0; round < rounds * 2; round++) {
    for (const guard of ['none', 'default'] as const) {
      configure(join(bench.root, 'template'), bench, { linker: 'pnp', guard });
      const project = join(bench.root, 'template');
      const { cpu } = await run(project, ['config', 'get', 'nodeLinker'], bench, FILLED);
      times[guard].push(cpu);
    }
  }
  return `a command that fetches nothing: ${shown(spread(times.none), ' ms')} of processor time without the plugin, ${shown(ratios(times.default, times.none))} times that with it`;
}

function configure(
  project: string,
  bench: Bench,
  how: { linker: Linker; guard: Case['guard'] },
): void {
  const lines = [
    `nodeLinker: ${how.linker}`,
    `npmRegistryServer: ${bench.registry}`,
    'unsafeHttpWhitelist: ["127.0.0.1"]',
    'enableTelemetry: false',
    'enableScripts: false',
    ...(how.guard === 'none' ? [] : [`plugins: [${JSON.stringify(plugin)}]`]),
    ...(how.guard === 'strict' ? ['tarwardenStrict: true'] : []),
  ];
  writeFileSync(join(project, '.yarnrc.yml'), `${lines.join('\n')}\n`);
}

function run(
  cwd: string,
  args: readonly string[],
  bench: Bench,
  folders: { yarn: string; xdg: string },
): Promise<Cost> {
  const meter = join(bench.root, 'meter.cjs');
  const reading = join(bench.root, 'reading.json');
  writeFileSync(meter, METER);
  const env = {
    BENCH_READING: reading,
    PATH: process.env['PATH'],
    HOME: join(bench.root, 'home'),
    XDG_CACHE_HOME: join(bench.root, folders.xdg, 'xdg'),
    YARN_GLOBAL_FOLDER: join(bench.root, folders.yarn, 'yarn'),
  };
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--require', meter, yarn, ...args], { cwd, env });
    let output = '';
    child.stdout.on('data', (text: Buffer) => void (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => void (output += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`yarn ${args.join(' ')} failed:\n${output}`));
      else if (/tarwarden/i.test(output)) reject(new Error(`a finding in:\n${output}`));
      else {
        const { user, system } = JSON.parse(readFileSync(reading, 'utf8')) as NodeJS.CpuUsage;
        resolve({ wall: performance.now() - start, cpu: (user + system) / 1000 });
      }
    });
  });
}

/** A registry on the loopback address that asks the configured one for each thing once. */
async function startMirror(): Promise<Server> {
  const upstream = spawnSync('npm', ['config', 'get', 'registry'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
    .stdout.trim()
    .replace(/\/$/, '');
  const kept = new Map<string, Promise<Buffer>>();
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    let body = kept.get(path);
    if (body === undefined) {
      body = fetchOnce(upstream + path, { upstream, own });
      kept.set(path, body);
    }
    body.then(
      (bytes) => response.end(bytes),
      () => response.writeHead(502).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const ATTEMPTS = 3;

async function fetchOnce(url: string, names: { upstream: string; own: string }): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) {
      const bytes = Buffer.from(await response.arrayBuffer());
      if (url.endsWith('.tgz')) return bytes;
      return Buffer.from(bytes.toString().replaceAll(`"${names.upstream}/`, `"${names.own}/`));
    }
    if (attempt === ATTEMPTS)
      throw new Error(`the registry does not give out ${new URL(url).pathname}`);
  }
}
