/** Links in a repository that lead an install out of the project: what is accepted must not land where they say. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  available,
  npms,
  npmsByGuard,
  pnpms,
  pnpmsByHook,
  type ManagerName,
  type Result,
} from '../support/managers.ts';
import { harmlessPayload } from '../support/payload.ts';
import type { Registry } from '../support/registry.ts';
import type { Sandbox } from '../support/sandbox.ts';
import * as npmBench from './npm/guarded.ts';
import * as pnpmBench from './pnpm/guarded.ts';
import { makeWorld, type Linker } from './yarn/world.ts';

const PACKAGE = '@s/cc';

interface Project {
  readonly sandbox: Sandbox;
  readonly registry: Registry;
  install(args?: readonly string[]): Promise<Result>;
  close(): Promise<void>;
}

let project: Project;
afterEach(() => project.close());

/** A guarded project of any client, before the first install. */
async function open(name: ManagerName, linker: Linker = 'node-modules'): Promise<Project> {
  const npm = npms.find((one) => one === name);
  const pnpm = pnpms.find((one) => one === name);
  if (npm !== undefined) {
    const bench = await npmBench.makeBench(npm);
    const install = (args = ['install']): Promise<Result> => npmBench.guarded(bench, args);
    return { ...bench, install, close: () => npmBench.closeBench(bench) };
  }
  if (pnpm !== undefined) {
    const bench = await pnpmBench.makeBench(pnpm);
    const install = (args = pnpmBench.FRESH): Promise<Result> => pnpmBench.pnpm(bench, args);
    return { ...bench, install, close: () => pnpmBench.closeBench(bench) };
  }
  const world = await makeWorld({ yarn: name === 'yarn-3' ? 'yarn-3' : 'yarn-4', linker });
  const install = (args = ['install']): Promise<Result> => world.run(...args);
  writeFileSync(join(world.sandbox.project, 'yarn.lock'), '');
  return { ...world, install, close: () => world.dispose() };
}

async function prepare(name: ManagerName, linker?: Linker): Promise<void> {
  project = await open(name, linker);
  const manifest = { bin: { cc: './index.js' } };
  project.registry.publish({ name: PACKAGE, tgz: harmlessPayload(PACKAGE, manifest), manifest });
  const dependencies = { [PACKAGE]: '1.0.0' };
  const workspaces = ['packages/*'];
  project.sandbox.write({
    'package.json': { name: 'project', version: '1.0.0', private: true, dependencies, workspaces },
    'pnpm-workspace.yaml': 'packages: ["packages/*"]\n',
    'packages/a/package.json': { name: 'a', version: '1.0.0', dependencies },
  });
}

/** Puts a link in the project, to a path in the sandbox. */
function link(path: string, target: string): void {
  const { sandbox } = project;
  const from = dirname(join(sandbox.project, path));
  mkdirSync(from, { recursive: true });
  symlinkSync(relative(from, join(sandbox.root, target)), join(sandbox.project, path));
}

function git(...args: string[]): void {
  const { project: cwd, env } = project.sandbox;
  execFileSync('git', args, { cwd, env, stdio: 'ignore' });
}

function track(...paths: string[]): void {
  git('init', '--quiet');
  git('add', '--force', '--', 'package.json', ...paths);
}

function expectRefused({ code, stdout, stderr }: Result, path: string): void {
  expect(code).not.toBe(0);
  // Yarn breaks no lines, pnpm and npm may.
  const said = `${stdout}${stderr}`.replaceAll(/\s+/g, ' ');
  expect(said).toContain(`"${path}" is a link that leads out of the project`);
  expect(said).toContain('remove the link');
  project.sandbox.assertSentinelUntouched();
}

const ready = (names: readonly ManagerName[]): ManagerName[] =>
  names.filter((name) => available(name).ok);
const yarns: readonly ManagerName[] = ['yarn-3', 'yarn-4'];
const all = ready([...npmsByGuard, ...pnpmsByHook, ...yarns]);

/** A place at which the client follows a link. */
const placeFor = (name: ManagerName): string =>
  name.startsWith('npm') ? 'node_modules/@s' : 'node_modules';

describe('a tracked link out of the project', () => {
  test.each(all)('stops %s', async (name) => {
    await prepare(name);
    link(placeFor(name), 'sentinel');
    track(placeFor(name));
    expectRefused(await project.install(), placeFor(name));
  });

  test.each(
    ready(pnpmsByHook).flatMap((name) =>
      ['@s', '.bin', '.pnpm'].map((place) => [name, place] as const),
    ),
  )('stops %s at %s, by way of another link', async (name, place) => {
    await prepare(name);
    link(`node_modules/${place}`, 'project/hop');
    link('hop', 'sentinel');
    track('hop', `node_modules/${place}`);
    expectRefused(await project.install(), `node_modules/${place}`);
  });

  test.each(ready(yarns))('stops the pnpm linker of %s at its store', async (name) => {
    await prepare(name, 'pnpm');
    link('node_modules/.store', 'sentinel');
    track('node_modules/.store');
    expectRefused(await project.install(), 'node_modules/.store');
  });

  test.each(ready([...npmsByGuard, ...yarns]))('stops %s at its lockfile', async (name) => {
    await prepare(name);
    const lockfile = name.startsWith('npm') ? 'package-lock.json' : 'yarn.lock';
    rmSync(join(project.sandbox.project, lockfile), { force: true });
    link(lockfile, name.startsWith('npm') ? 'sentinel/secret' : 'sentinel/new.lock');
    track(lockfile);
    expectRefused(await project.install(), lockfile);
  });

  // npm 12 has no `shrinkwrap`.
  test.each(ready(npmsByGuard.filter((name) => name !== 'npm-12')))(
    'stops %s at the lockfile that a command makes of another',
    async (name) => {
      await prepare(name);
      expect(await project.install(['install', '--package-lock-only'])).toMatchObject({ code: 0 });
      link('npm-shrinkwrap.json', 'sentinel/new.json');
      track('npm-shrinkwrap.json');
      expectRefused(await project.install(['shrinkwrap']), 'npm-shrinkwrap.json');
    },
  );

  test.each(ready(npmsByGuard))('stops %s from emptying what it leads to', async (name) => {
    await prepare(name);
    expect(await project.install(['install', '--package-lock-only'])).toMatchObject({ code: 0 });
    link('node_modules', 'sentinel');
    track('node_modules');
    expectRefused(await project.install(['ci']), 'node_modules');
  });
});

test.each(all)('a link in a workspace stops %s where git cannot say whose it is', async (name) => {
  await prepare(name);
  const path = name.startsWith('npm') ? 'packages/a/node_modules/@s' : 'packages/a/node_modules';
  link(path, 'sentinel');
  expectRefused(await project.install(), path);
});

describe('is followed by', () => {
  test.each(all)('%s: a link that the user made', async (name) => {
    await prepare(name);
    const { root } = project.sandbox;
    mkdirSync(join(root, 'disk'));
    // pnpm 10 by itself takes an empty one for none.
    writeFileSync(join(root, 'disk', 'kept'), '');
    link(placeFor(name), 'disk');
    track();
    expect(await project.install()).toMatchObject({ code: 0 });
    // npm puts a folder in place of the link.
    const modules = name.startsWith('npm') ? 'project/node_modules' : 'disk';
    expect(existsSync(join(root, modules, PACKAGE, 'package.json'))).toBe(true);
  });

  test.each(all)('%s: a link that stays in the project', async (name) => {
    await prepare(name);
    project.sandbox.write({ 'vendor/readme': '' });
    link(placeFor(name), 'project/vendor');
    track('vendor', placeFor(name));
    expect(await project.install()).toMatchObject({ code: 0 });
    // Nothing is left to do the second time, and every link of the client's own is there.
    rmSync(join(project.sandbox.project, '.git'), { recursive: true });
    expect(await project.install()).toMatchObject({ code: 0 });
  });
});
