/**
 * What a client writes in a project itself must not be written through a link of the repository. Which files these are is found
 * by running the client alone; then each is replaced by a link, and the guarded client has to refuse it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  available,
  npmsByGuard,
  repository,
  run,
  runBeside,
  type NpmName,
  type Result,
} from '../support/managers.ts';
import type { Registry } from '../support/registry.ts';
import { startRegistry } from '../support/registry.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const CLI = join(repository, 'packages/cli/bin/tarwarden.js');

interface Case {
  readonly client: NpmName | 'yarn-1' | 'yarn-3' | 'yarn-4' | 'bun';
  readonly args: readonly string[];
  /** Files of settings that the repository has. */
  readonly settings: Readonly<Record<string, string>>;
  /** Some of what it writes, so that a client that does nothing is noticed. */
  readonly writes: readonly string[];
}

/** The older of two has the first case alone, unless `TARWARDEN_E2E_FULL=1` asks for all. */
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const casesOf = (isNewest: boolean, all: readonly Case[]): readonly Case[] =>
  FULL || isNewest ? all : all.slice(0, 1);

const npmCases = npmsByGuard.flatMap((client) =>
  casesOf(client === 'npm-12', [
    { client, args: ['install'], settings: {}, writes: ['package-lock.json'] },
    {
      client,
      args: ['install'],
      settings: { '.npmrc': 'package-lock-only=true\n' },
      writes: ['package-lock.json'],
    },
    {
      client,
      args: ['install'],
      settings: { '.npmrc': 'install-strategy=linked\n' },
      writes: ['package-lock.json', 'node_modules/.store'],
    },
  ]),
);

const berryCases = (['yarn-3', 'yarn-4'] as const).flatMap((client) => {
  const rc = (...lines: string[]): Record<string, string> => ({
    '.yarnrc.yml': ['enableGlobalCache: false', ...lines, ''].join('\n'),
  });
  const args = ['install', '--no-immutable'];
  return casesOf(client === 'yarn-4', [
    {
      client,
      args,
      settings: rc('nodeLinker: pnp', 'pnpEnableInlining: false', 'pnpEnableEsmLoader: true'),
      writes: ['.pnp.data.json', '.pnp.loader.mjs', '.yarn/cache/.gitignore', 'yarn.lock'],
    },
    {
      client,
      args,
      settings: rc('nodeLinker: node-modules'),
      writes: ['node_modules/.yarn-state.yml', '.yarn/install-state.gz'],
    },
    { client, args, settings: rc('nodeLinker: pnpm'), writes: ['node_modules/.store'] },
  ]);
});

const cases: readonly Case[] = [
  ...npmCases,
  ...berryCases,
  { client: 'yarn-1', args: ['install'], settings: {}, writes: ['yarn.lock'] },
  { client: 'yarn-1', args: ['install', '--pnp'], settings: {}, writes: ['.pnp.js'] },
  { client: 'bun', args: ['install'], settings: {}, writes: ['bun.lock'] },
  {
    client: 'bun',
    args: ['install', '--linker', 'isolated'],
    settings: { 'bunfig.toml': '[install]\nsaveTextLockfile = false\n' },
    writes: ['bun.lockb', 'node_modules/.bun'],
  },
];

let registry: Registry;
let sandbox: Sandbox;
afterEach(async () => {
  sandbox.dispose();
  await registry.close();
});

function makeProject({ settings, client }: Case): void {
  const { project } = sandbox;
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project);
  const dependencies = { 'tarwarden-subject': '1.0.0' };
  sandbox.write({
    'package.json': { name: 'project', version: '1.0.0', private: true, dependencies },
    ...settings,
  });
  // Else Yarn looks for a project above.
  if (client === 'yarn-3' || client === 'yarn-4') sandbox.write({ 'yarn.lock': '' });
}

const SKIPPED = new Set(['package.json', '.yarnrc.yml', '.npmrc', 'bunfig.toml', '.git']);

/** Files outside of node_modules, and what a client keeps in that for itself. Archives are not written through links. */
function written(folder: string = sandbox.project): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const name = relative(sandbox.project, path);
    if (SKIPPED.has(name) || entry.name.endsWith('.zip')) return [];
    if (entry.name === 'node_modules')
      return readdirSync(path)
        .filter((inner) => inner.startsWith('.') && inner !== '.bin')
        .map((inner) => join(name, inner));
    if (entry.isDirectory()) return written(path);
    // The one that was there before is still empty.
    return statSync(path).size === 0 ? [] : [name];
  });
}

function commitLink(path: string): void {
  const { project, env, root } = sandbox;
  const place = join(project, path);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(dirname(place), { recursive: true });
  const target = join(root, 'sentinel', 'new');
  symlinkSync(relative(dirname(place), target), place);
  const git = (...args: string[]): void => {
    execFileSync('git', args, { cwd: project, env, stdio: 'ignore' });
  };
  git('init', '--quiet');
  git('add', '--force', '--', 'package.json', path);
}

async function guarded({ client, args }: Case): Promise<Result> {
  const tool = client.split('-')[0]!;
  return runBeside(client, CLI, [tool, ...args], { sandbox });
}

async function open(one: Case): Promise<void> {
  registry = await startRegistry();
  registry.publish({ name: 'tarwarden-subject' });
  sandbox = makeSandbox({ registry: registry.url });
  makeProject(one);
}

describe.each(cases)('$client $args $settings', (one) => {
  test.skipIf(!available(one.client).ok)('refuses links at all that it writes', async () => {
    await open(one);
    expect(await run(one.client, one.args, { sandbox })).toMatchObject({ code: 0 });
    const files = written();
    for (const name of one.writes) expect(files).toContain(name);
    for (const path of files) {
      makeProject(one);
      commitLink(path);
      // oxlint-disable-next-line no-await-in-loop
      const { code, stdout, stderr } = await guarded(one);
      const said = `${stdout}${stderr}`.replaceAll(/\s+/g, ' ');
      expect(said).toContain(`"${path}" is a link that leads out of the project`);
      expect({ path, code }).not.toEqual({ path, code: 0 });
      expect(existsSync(join(sandbox.sentinel, 'new'))).toBe(false);
      sandbox.assertSentinelUntouched();
    }
  });
});
