/** One install in one fault: a project of its own, a registry that answers wrongly, a manager bare or guarded. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../../support/faults.ts';
import {
  repository,
  run,
  runBeside,
  type ManagerName,
  type Result,
} from '../../support/managers.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, tree, type Sandbox } from '../../support/sandbox.ts';

const PRELOAD = join(repository, 'packages/npm-wrapper/dist/preload.cjs');
const CLASSIC = join(repository, 'packages/yarn-classic-wrapper/dist/preload.cjs');
const HOOK = join(repository, 'packages/pnpm-hook/dist/index.cjs');
const CLI = join(repository, 'packages/cli/bin/tarwarden.js');
const PLUGIN = join(repository, 'packages/yarn-plugin/dist/plugin-tarwarden.cjs');

/** Packages that faults hit, and one that none does. */
const subjectOf = (fault: Fault): string => `tarwarden-${fault}`;
const NEIGHBOUR = 'tarwarden-neighbour';

/** How the project names the packages: by a version, whose integrity is known, by an address, or as optional. */
export type Way = 'version' | 'address' | 'optional';

export interface Scene {
  readonly manager: ManagerName;
  readonly way?: Way;
  /** One package is hit by each. */
  readonly faults: readonly Fault[];
  /** How often each download goes wrong before it goes well. */
  readonly times: number;
  /** The project's own limit to the bytes of a package. */
  readonly bytesMax?: number;
}

export interface Outcome {
  readonly result: Result;
  /** Faults whose packages are in node_modules, whole. */
  readonly installed: readonly Fault[];
  /** Paths below the sandbox that hold the other package's file. */
  readonly strangers: readonly string[];
  /** Downloads of what the faults hit. */
  readonly asked: number;
  /** Large files below the sandbox: part of a download that went on for long. */
  readonly large: readonly string[];
}

/** Runs one install, guarded or not. */
export async function install(scene: Scene, guarded: boolean): Promise<Outcome> {
  const { manager, faults, times, bytesMax } = scene;
  const hit = (path: string): Fault | undefined =>
    faults.find((fault) => path.startsWith(`/${subjectOf(fault)}/-/`));
  const registry = await startRegistry({
    fault: (path, before) => (before < times ? hit(path) : undefined),
  });
  const sandbox = makeSandbox({ registry: registry.url, ci: true });
  try {
    declare(scene, registry, sandbox);
    hurry(sandbox);
    const env = guarded ? guard(manager, sandbox) : {};
    if (bytesMax !== undefined)
      sandbox.write({ 'tarwarden.json': { limits: { unpackedBytes: bytesMax } } });
    const args = manager.startsWith('yarn') ? ['install', '--no-immutable'] : ['install'];
    if (manager.startsWith('pnpm')) args.push('--no-frozen-lockfile');
    const options = { sandbox, env, timeout: TIMEOUT };
    const result =
      guarded && manager === 'bun'
        ? await runBeside(manager, CLI, ['bun', ...args], options)
        : await run(manager, args, options);
    sandbox.assertSentinelUntouched();
    const installed = faults.filter((fault) => {
      const file = join(sandbox.project, 'node_modules', subjectOf(fault), 'index.js');
      return existsSync(file) && readFileSync(file, 'utf8') === CONTENT;
    });
    const strangers = tree(sandbox.root).filter((line) => line.includes('stranger'));
    const asked = registry.downloads().filter((path) => hit(path) !== undefined).length;
    return { result, installed, strangers, asked, large: largeBelow(sandbox.root) };
  } finally {
    sandbox.dispose();
    await registry.close();
  }
}

/** Milliseconds. Some bare managers wait for ever. */
const TIMEOUT = 60_000;

const CONTENT = 'module.exports = 1\n';

/** Above what any of these files has, the guard's among them. */
const LARGE_BYTES = 2 * 1024 * 1024;

function largeBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node-compile-cache') && statSync(file).size > LARGE_BYTES);
}

function declare(
  { manager, faults, way = 'version' }: Scene,
  registry: Registry,
  sandbox: Sandbox,
): void {
  registry.publish({ name: NEIGHBOUR });
  const subjects = Object.fromEntries(
    faults.map((fault) => {
      const tarball = registry.publish({ name: subjectOf(fault) });
      return [subjectOf(fault), way === 'address' ? tarball : '1.0.0'];
    }),
  );
  const neighbour = { [NEIGHBOUR]: '1.0.0' };
  sandbox.write({
    'package.json': {
      name: 'project',
      version: '1.0.0',
      private: true,
      dependencies: way === 'optional' ? neighbour : { ...neighbour, ...subjects },
      ...(way === 'optional' && { optionalDependencies: subjects }),
    },
  });
  if (manager === 'yarn-3' || manager === 'yarn-4')
    sandbox.write({ 'yarn.lock': '', '.yarnrc.yml': 'nodeLinker: node-modules\n' });
}

/** Two more tries, as the managers have it, without the seconds between them. */
export function hurry(sandbox: Sandbox): void {
  sandbox.npmrc('fetch-retries=2', 'fetch-retry-mintimeout=10', 'fetch-retry-maxtimeout=20');
  sandbox.npmrc('fetch-timeout=3000');
  sandbox.pnpmConfig('fetchRetries: 2', 'fetchRetryMintimeout: 10', 'fetchRetryMaxtimeout: 20');
  sandbox.pnpmConfig('fetchTimeout: 3000');
  sandbox.yarnrc('httpRetry: 2', 'httpTimeout: 3000');
}

/** Sets the guard up in the project. Returns what the environment must hold. */
export function guard(manager: ManagerName, sandbox: Sandbox): NodeJS.ProcessEnv {
  if (manager === 'bun') return {};
  if (manager.startsWith('npm')) return { NODE_OPTIONS: `--require ${PRELOAD}` };
  if (manager === 'yarn-1') return { NODE_OPTIONS: `--require ${CLASSIC}` };
  if (manager.startsWith('pnpm')) {
    sandbox.write({ '.pnpmfile.cjs': `module.exports = require(${JSON.stringify(HOOK)})\n` });
    return {};
  }
  const { project } = sandbox;
  mkdirSync(join(project, '.yarn/plugins'), { recursive: true });
  copyFileSync(PLUGIN, join(project, '.yarn/plugins/plugin-tarwarden.cjs'));
  writeFileSync(
    join(project, '.yarnrc.yml'),
    [
      'nodeLinker: node-modules',
      'plugins: ["./.yarn/plugins/plugin-tarwarden.cjs"]',
      'tarwardenRequired: true',
      '',
    ].join('\n'),
  );
  return {};
}
