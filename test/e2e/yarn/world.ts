/** A project on a loopback registry, guarded by the built plugin, and what has to be so after a refusal. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { SENTINEL, type Attack } from '../../support/attacks.ts';
import { repository, run, type Result, type YarnName } from '../../support/managers.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, tree, type Sandbox } from '../../support/sandbox.ts';

export const plugin: string = join(repository, 'packages/yarn-plugin/dist/plugin-tarwarden.cjs');
const PLUGIN_PATH = '.yarn/plugins/plugin-tarwarden.cjs';

export type Linker = 'pnp' | 'node-modules' | 'pnpm';
export const linkers: readonly Linker[] = ['pnp', 'node-modules', 'pnpm'];

/** The full cross product takes many minutes. */
export const full: boolean = process.env['TARWARDEN_E2E_FULL'] === '1';

export interface WorldOptions {
  yarn?: YarnName;
  linker?: Linker;
  /** Lines of the project's .yarnrc.yml, besides those of the guard. */
  rc?: readonly string[];
  /** Keep the archives in the project, as zero-install does. */
  localCache?: boolean;
}

export interface World {
  readonly yarn: YarnName;
  readonly registry: Registry;
  readonly sandbox: Sandbox;
  /** Writes the project's package.json with these dependencies, and an empty lockfile unless there is one. */
  dependencies(
    list: Readonly<Record<string, string>>,
    more?: Readonly<Record<string, unknown>>,
  ): void;
  guard(on: boolean): void;
  /** Adds lines to the project's .yarnrc.yml. */
  rc(...lines: string[]): void;
  run(...args: string[]): Promise<Result>;
  runWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Result>;
  /** Files of package.json and yarn.lock, for comparing. */
  state(): { manifest: string; lockfile: string };
  /** Names of archives in the project's cache, the mirror and the global cache. */
  archives(): string[];
  /** Path of the one archive of a package in the project's cache or the global one. */
  archiveOf(name: string): string;
  forgetProject(): void;
  dispose(): Promise<void>;
}

export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  const yarn = options.yarn ?? 'yarn-4';
  const registry = await startRegistry();
  const sandbox = makeSandbox({ registry: registry.url });
  const at = (...path: string[]): string => join(sandbox.project, ...path);
  const lines = [
    `nodeLinker: ${options.linker ?? 'pnp'}`,
    ...(yarn === 'yarn-4'
      ? [
          'approvedGitRepositories: ["**"]',
          `enableGlobalCache: ${String(options.localCache !== true)}`,
        ]
      : [`enableGlobalCache: ${String(options.localCache !== true)}`]),
    ...(options.rc ?? []),
  ];
  let guarded = true;
  const writeRc = (): void => {
    const own = [`plugins: ["./${PLUGIN_PATH}"]`, 'tarwardenRequired: true'];
    const all = guarded
      ? [...lines, ...own]
      : lines.filter((line) => !line.startsWith('tarwarden'));
    writeFileSync(at('.yarnrc.yml'), `${all.join('\n')}\n`);
  };
  mkdirSync(dirname(at(PLUGIN_PATH)), { recursive: true });
  copyFileSync(plugin, at(PLUGIN_PATH));
  writeRc();
  const caches = (): string[] => [
    at('.yarn', 'cache'),
    join(sandbox.yarnGlobal, 'cache'),
    join(sandbox.home, '.yarn', 'berry', 'cache'),
  ];
  const list = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name !== '.gitignore')
          .map((name) => join(folder, name))
      : [];

  return {
    yarn,
    registry,
    sandbox,
    dependencies(dependencies, more = {}) {
      sandbox.write({
        'package.json': { name: 'project', version: '1.0.0', private: true, dependencies, ...more },
      });
      if (!existsSync(at('yarn.lock'))) writeFileSync(at('yarn.lock'), '');
    },
    guard(on) {
      guarded = on;
      writeRc();
    },
    rc(...more) {
      lines.push(...more);
      writeRc();
    },
    run: (...args) => run(yarn, args, { sandbox }),
    runWith: (env, ...args) => run(yarn, args, { sandbox, env }),
    state: () => ({
      manifest: readFileSync(at('package.json'), 'utf8'),
      lockfile: existsSync(at('yarn.lock')) ? readFileSync(at('yarn.lock'), 'utf8') : '',
    }),
    archives: () => caches().flatMap(list),
    archiveOf(name) {
      const found = caches()
        .flatMap(list)
        .filter((file) => file.split('/').at(-1)?.startsWith(`${name}-`) === true);
      const [file] = found;
      if (file === undefined) throw new Error(`no archive of ${name}`);
      return file;
    },
    forgetProject() {
      for (const name of [
        'node_modules',
        '.pnp.cjs',
        '.pnp.loader.mjs',
        '.yarn/install-state.gz',
        '.yarn/unplugged',
      ]) {
        rmSync(at(name), { recursive: true, force: true });
      }
    },
    async dispose() {
      await registry.close();
      sandbox.dispose();
    },
  };
}

/** Everything printed. */
export function output(result: Result): string {
  return `${result.stdout}\n${result.stderr}`;
}

export function expectInstalled(result: Result): void {
  expect(output(result)).not.toMatch(/tarwarden: refused|not inspected/);
  expect(result).toMatchObject({ code: 0, stdout: expect.anything() as string });
}

/** That the guard stopped it, in Yarn's own form. */
export function expectRefusal(result: Result, ...texts: (string | RegExp)[]): void {
  expect(output(result)).toMatch(/YN0030.*tarwarden: (?:refused|.*not inspected)/);
  for (const text of texts) expect(output(result)).toMatch(text);
  expect(result).toMatchObject({ code: 1 });
}

/** That a Yarn which Yarn had started stopped it, as the log says which its parent names. */
export function expectRefusalInLog(result: Result): void {
  expect(result).toMatchObject({ code: 1 });
  const log = /logs can be found here: ([^)\n]+)\)/.exec(output(result))?.[1] ?? '';
  expect(isFile(log)).toBe(true);
  expect(readFileSync(log, 'utf8')).toMatch(/tarwarden: refused/);
}

/** That nothing of the package is linked or kept anywhere, nothing was changed, nothing outside was touched. */
export function expectNoTrace(
  world: World,
  name: string,
  before: ReturnType<World['state']>,
): void {
  const { project } = world.sandbox;
  expect(world.state()).toEqual(before);
  expect(world.archives().filter((file) => file.includes(`/${name}-`))).toEqual([]);
  const linked = tree(join(project, 'node_modules')).filter((line) => line.includes(name));
  expect(linked).toEqual([]);
  expect(tree(join(project, '.yarn/unplugged')).filter((line) => line.includes(name))).toEqual([]);
  for (const file of ['.pnp.cjs', '.pnp.data.json']) {
    if (!existsSync(join(project, file))) continue;
    expect(readFileSync(join(project, file), 'utf8')).not.toContain(`"${name}"`);
  }
  world.sandbox.assertSentinelUntouched();
}

/** An attack on the registry as `name@1.0.0`. */
export function publishAttack(world: World, attack: Attack, name = 'evil'): Buffer {
  const tgz = attack.build({ name, target: SENTINEL });
  world.registry.publish({ name, tgz });
  return tgz;
}

/** Without the plugin and the network, no cache may give the package out. */
export async function expectNotInAnyCache(world: World, name: string): Promise<void> {
  world.guard(false);
  world.forgetProject();
  const result = await world.runWith({ YARN_ENABLE_NETWORK: 'false' }, 'install');
  expect(result).not.toMatchObject({ code: 0, stdout: expect.anything() as string });
  expect(world.archives().filter((file) => file.includes(`/${name}-`))).toEqual([]);
  expect(existsSync(join(world.sandbox.project, 'node_modules', name))).toBe(false);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
