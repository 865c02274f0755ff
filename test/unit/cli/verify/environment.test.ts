import { delimiter, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trialEnvironment } from '../../../../packages/cli/src/guard-trials/environment.ts';

const place = {
  folder: resolve('/trial'),
  registry: 'http://127.0.0.1:1',
  cwd: resolve('/caller'),
};

describe('the environment of a trial', () => {
  it('keeps what decides about the guard', () => {
    const env = {
      NODE_OPTIONS: '--require x',
      npm_config_node_options: 'y',
      npm_config_ignore_pnpmfile: 'true',
      pnpm_config_global_pnpmfile: 'z',
      YARN_PLUGINS: 'p',
      YARN_IGNORE_PATH: '1',
      HOME: '/home/me',
      XDG_CONFIG_HOME: '/config',
    };
    for (const manager of ['npm', 'npx', 'pnpm', 'yarn'] as const)
      expect(trialEnvironment(manager, env, place)).toMatchObject(env);
  });

  it('replaces a setting however its variable is spelt', () => {
    const env = {
      NPM_CONFIG_REGISTRY: 'a',
      'npm_config_store-dir': 'b',
      PNPM_CONFIG_STORE_DIR: 'c',
    };
    const pnpm = trialEnvironment('pnpm', env, place);
    expect(Object.keys(pnpm).filter((name) => /registry/i.test(name))).toEqual([
      'npm_config_registry',
      'pnpm_config_registry',
    ]);
    const store = join(place.folder, 'pnpm-store');
    expect(pnpm).toMatchObject({ npm_config_store_dir: store, pnpm_config_store_dir: store });
    expect(pnpm).not.toHaveProperty('npm_config_store-dir');
    expect(pnpm).not.toHaveProperty('PNPM_CONFIG_STORE_DIR');
  });

  it('takes away what an outer run says of its project, and the channel to a wrapper', () => {
    const env = {
      npm_package_name: 'x',
      npm_lifecycle_event: 'x',
      npm_config_local_prefix: 'x',
      INIT_CWD: 'x',
      PROJECT_CWD: 'x',
      TARWARDEN_NPM_STATUS: 'x',
      TARWARDEN_PNPM_NONCE: 'x',
      FORCE_COLOR: '1',
    };
    expect(Object.values(trialEnvironment('npm', env, place))).not.toContain('x');
    expect(trialEnvironment('npm', env, place)['FORCE_COLOR']).toBeUndefined();
  });

  it("leaves corepack its cache, in the user's own folder", () => {
    const corepack = (env: NodeJS.ProcessEnv) =>
      trialEnvironment('yarn', env, place)['COREPACK_HOME'];
    expect(corepack({ XDG_CACHE_HOME: '/c' })).toBe(join('/c', 'node', 'corepack'));
    expect(corepack({ XDG_CACHE_HOME: '/c', COREPACK_HOME: '/d' })).toBe('/d');
  });

  it('asks no proxy, and keeps whom else none is asked for', () => {
    expect(trialEnvironment('npm', { no_proxy: 'a.example' }, place)).toMatchObject({
      NO_PROXY: 'a.example,127.0.0.1,localhost',
      no_proxy: 'a.example,127.0.0.1,localhost',
    });
  });

  it('takes away what would have pnpm write into the folder of a project', () => {
    const env = {
      NPM_CONFIG_WORKSPACE_DIR: '/caller',
      npm_config_lockfile_dir: '/caller',
      pnpm_config_lockfile_dir: '/caller',
      npm_config_dir: '/caller',
    };
    expect(Object.keys(trialEnvironment('pnpm', env, place))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/(?:workspace_|lockfile_|config_)dir$/i)]),
    );
  });

  it('has relative folders of the PATH where the caller has them', () => {
    const env = { PATH: ['bin', '/usr/bin', ''].join(delimiter) };
    expect(trialEnvironment('npm', env, place)['PATH']).toBe(
      [resolve('/caller/bin'), resolve('/usr/bin'), resolve('/caller')].join(delimiter),
    );
  });
});
