/** One project for each manager, guarded by what was built, on a registry with a hostile package. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '@tarwarden/core';
import {
  available,
  guardable,
  repository,
  run,
  runBeside,
  type ManagerName,
  type Result,
} from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { entry } from '../../support/tar.ts';

const built = (path: string): string => join(repository, 'packages', path);

/** The managers that are installed here and guarded. */
export const guardedManagers: readonly ManagerName[] = [...guardable, 'bun' as const].filter(
  (name) => available(name).ok,
);

/** The newest of each client: they find policy files with the same code. All with `TARWARDEN_E2E_FULL=1`. */
export const managersByGuard: readonly ManagerName[] = guardedManagers.filter(
  (name) =>
    process.env['TARWARDEN_E2E_FULL'] === '1' || !/^(?:npm|pnpm)-1[01]$|^yarn-3$/.test(name),
);

/** A package with the same path twice, once a program for some: managers keep one or the other. bun's guard can write it. */
export const hostile: Buffer = tgz({
  name: 'evil',
  entries: [0o644, 0o655].map((mode) => entry({ name: 'package/twice.js', body: 'one', mode })),
});

/** An exception that lets {@link hostile} in. */
export const exception: Readonly<Record<string, string>> = {
  package: 'evil@1.0.0',
  rule: 'duplicate-path',
  sha512: inspect(hostile).archive.sha512,
  reason: 'looked at',
  expires: '2999-01-01',
};

/** What is printed, without what clients put in front of lines, and how they break them. */
export const plain = ({ stdout, stderr }: Result): string =>
  `${stdout}\n${stderr}`
    .replaceAll(/^(?:npm (?:error|ERR!)|➤ YN\d+: (?:│ )?)/gm, ' ')
    .replaceAll(/\s+/g, ' ');

export interface World {
  readonly manager: ManagerName;
  readonly registry: Registry;
  readonly sandbox: Sandbox;
  /** Installs, guarded; a package lands in `cwd`. */
  install(options?: { cwd?: string; env?: NodeJS.ProcessEnv }): Promise<Result>;
  /** Makes a project in a folder, that depends on one package. */
  project(folder: string, dependency: 'evil' | 'clean'): void;
  landed(name: string, cwd?: string): boolean;
  dispose(): Promise<void>;
}

export async function makeWorld(manager: ManagerName): Promise<World> {
  const registry = await startRegistry();
  registry.publish({ name: 'evil', tgz: hostile });
  registry.publish({ name: 'clean' });
  const sandbox = makeSandbox({ registry: registry.url });
  const world: World = {
    manager,
    registry,
    sandbox,
    install(options = {}) {
      if (manager === 'bun')
        return runBeside('bun', built('cli/bin/tarwarden.js'), ['bun', 'install'], {
          sandbox,
          ...options,
        });
      const yes = manager.startsWith('npm') ? [] : [noFreeze(manager)];
      const preload = `--require ${built('npm-wrapper/dist/preload.cjs')}`;
      const env = {
        ...(manager.startsWith('npm') && { NODE_OPTIONS: preload }),
        ...options.env,
      };
      return run(manager, ['install', ...yes], { sandbox, ...options, env });
    },
    project(folder, dependency) {
      const manifest = {
        name: 'project',
        version: '1.0.0',
        dependencies: { [dependency]: '1.0.0' },
      };
      sandbox.write({ 'package.json': manifest }, folder);
      arm(manager, folder);
    },
    landed: (name, cwd = sandbox.project) => existsSync(join(cwd, 'node_modules', name)),
    async dispose() {
      await registry.close();
      sandbox.dispose();
    },
  };
  return world;
}

function noFreeze(manager: ManagerName): string {
  return manager.startsWith('pnpm') ? '--no-frozen-lockfile' : '--no-immutable';
}

function arm(manager: ManagerName, folder: string): void {
  if (manager.startsWith('pnpm')) {
    const hook = JSON.stringify(built('pnpm-hook/dist/index.cjs'));
    writeFileSync(join(folder, '.pnpmfile.cjs'), `module.exports = require(${hook})\n`);
  }
  if (!manager.startsWith('yarn')) return;
  mkdirSync(join(folder, '.yarn', 'plugins'), { recursive: true });
  const plugin = '.yarn/plugins/plugin-tarwarden.cjs';
  copyFileSync(built('yarn-plugin/dist/plugin-tarwarden.cjs'), join(folder, plugin));
  const lines = ['nodeLinker: node-modules', `plugins: ["./${plugin}"]`, 'tarwardenRequired: true'];
  writeFileSync(join(folder, '.yarnrc.yml'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'yarn.lock'), '');
}
