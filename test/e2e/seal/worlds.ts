/* Projects with real clients, whose packages are not fetched yet. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeGem } from '../../support/gem/gems.ts';
import { startGemServer } from '../../support/gem/index.ts';
import { system as systemRuby } from '../../support/gem/rubies.ts';
import { rubyWorld } from '../../support/gem/world.ts';
import { closeGoBench, makeLockedBench } from '../../support/go/bench.ts';
import { envFor, run, type ManagerName } from '../../support/managers.ts';
import { startIndex } from '../../support/pip/index.ts';
import { wheelOf } from '../../support/pip/packages.ts';
import { system as systemPip } from '../../support/pip/pips.ts';
import { pipWorld } from '../../support/pip/world.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';

/** A project whose packages can be fetched. */
export interface SealWorld {
  readonly root: string;
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  readonly close: () => unknown;
}

export async function npmWorld(manager: ManagerName): Promise<SealWorld> {
  const packages = [
    { name: 'a', tgz: tgz({ name: 'a', files: { 'index.js': '// a\n', 'lib/b.js': '// b\n' } }) },
    { name: '@scope/b' },
  ];
  const registry = await startRegistry({ packages });
  const dependencies = { a: '1.0.0', '@scope/b': '1.0.0' };
  const sandbox = makeSandbox({
    registry: registry.url,
    project: { 'package.json': { name: 'app', version: '1.0.0', dependencies } },
  });
  const env = envFor(manager, { sandbox });
  env['YARN_CACHE_FOLDER'] = join(sandbox.root, 'yarn-cache');
  // Writes the lockfile. What it puts into caches is removed.
  const caches = { npm_config_cache: 'other', YARN_CACHE_FOLDER: join(sandbox.root, 'other') };
  const bare = manager === 'bun' ? ['--cache-dir', join(sandbox.root, 'other')] : [];
  const locked = await run(manager, ['install', ...bare], { sandbox, env: caches });
  expect(locked).toMatchObject({ code: 0 });
  for (const path of ['node_modules', '.pnp.cjs', '.yarn'])
    rmSync(join(sandbox.project, path), { recursive: true, force: true });
  for (const path of ['other', 'pnpm-home/store'])
    rmSync(join(sandbox.root, path), { recursive: true, force: true });
  const close = async (): Promise<void> => {
    sandbox.dispose();
    await registry.close();
  };
  return { root: sandbox.root, project: sandbox.project, env, close };
}

export async function pythonWorld(): Promise<SealWorld> {
  const world = pipWorld(systemPip);
  const index = await startIndex({ dists: [wheelOf({ name: 'good' })] });
  world.sandbox.write({ 'requirements.txt': 'good==1.0\n' });
  // pip keeps nothing that it fetches without encryption, but for a trusted host.
  const env = {
    ...world.env,
    PIP_INDEX_URL: index.url,
    PIP_TRUSTED_HOST: '127.0.0.1',
    PIP_TARGET: 'site',
  };
  const { root, project } = world.sandbox;
  return { root, project, env, close: () => [world.dispose(), index.close()] };
}

export async function gemWorld(): Promise<SealWorld> {
  const world = rubyWorld(systemRuby);
  const server = await startGemServer({ gems: [makeGem({ name: 'good' })] });
  world.gemfile(`source '${server.url}'`, `gem 'good'`);
  const { root, project } = world.sandbox;
  return { root, project, env: world.env, close: () => [world.dispose(), server.close()] };
}

export async function goWorld(): Promise<SealWorld> {
  const bench = await makeLockedBench();
  const env = { ...bench.env, GOFLAGS: '-mod=mod' };
  const { root, project } = bench.sandbox;
  return { root, project, env, close: () => closeGoBench(bench) };
}
