/** Caches and registries that settings name, filled by real managers. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { symlink } from '../../support/attacks/links.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, run, type ManagerName } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri, startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { audited, auditedBy, origins } from './audited.ts';

const dependencies = { a: '1.0.0', evil: '1.0.0' };
const registry = freshEach(() =>
  startRegistry({
    packages: [
      { name: 'a' },
      { name: 'evil', tgz: symlink.build({ name: 'evil', version: '1.0.0' }) },
    ],
  }),
);
const sandbox = freshEach(() =>
  makeSandbox({
    registry: registry.url,
    project: { 'package.json': { name: 'app', version: '1.0.0', dependencies } },
  }),
);

async function install(manager: ManagerName, ...more: string[]): Promise<void> {
  const args = ['install', ...(more.length === 0 ? ['--ignore-scripts'] : more)];
  const installed = await run(manager, args, { sandbox, env: { CI: undefined } });
  expect(installed).toMatchObject({ code: 0 });
  registry.log.length = 0;
}

const skipped = (manager: ManagerName): boolean => !available(manager).ok;

describe('a cache that the user has named', () => {
  it('of npm is used', async () => {
    sandbox.npmrc('cache=~/my-npm');
    await install('npm-10');
    const found = await audited(sandbox);
    expect(origins(found.packages)).toEqual({ 'npm-cache': 2 });
    expect(found.with('reject')).toEqual(['evil@1.0.0']);
  });

  it.each<ManagerName>(['yarn-3', 'yarn-4'])('of %s is used', async (manager) => {
    sandbox.yarnrc('enableGlobalCache: false', `cacheFolder: ${join(sandbox.home, 'zips')}`);
    await install(manager, '--mode=skip-build');
    const found = await audited(sandbox);
    expect(origins(found.packages)).toEqual({ 'yarn-zip': 2 });
    expect(found.with('reject')).toEqual(['evil@1.0.0']);
    const { packages } = await audited(sandbox, '--cache');
    const rejected = packages.filter(({ status }) => status === 'reject');
    expect(JSON.stringify(rejected.map(({ places }) => places))).toContain(`/zips/evil-npm-`);
  });

  it('of pnpm 10 is looked into', async () => {
    sandbox.npmrc('store-dir=~/my-store');
    await install('pnpm-10');
    expect(readdirSync(join(sandbox.home, 'my-store'))).toContain('v10');
    expect((await audited(sandbox, '--cache')).with('reject')).toEqual(['evil@1.0.0']);
  });

  it.skipIf(skipped('pnpm-12'))('of pnpm 12 is looked into', async () => {
    sandbox.pnpmConfig('storeDir: ~/my-store');
    await install('pnpm-12');
    expect(readdirSync(join(sandbox.home, 'my-store'))).toContain('v11');
    const found = await auditedBy('node-24', sandbox, '--cache');
    expect(found.with('reject')).toEqual(['evil@1.0.0']);
  });

  it.skipIf(skipped('bun'))('of bun is looked into', async () => {
    const bunfig = `[install]\nregistry = "${registry.url}"\n[install.cache]\ndir = "~/my-bun"\n`;
    writeFileSync(join(sandbox.env['XDG_CONFIG_HOME']!, '.bunfig.toml'), bunfig);
    await install('bun');
    expect(readdirSync(join(sandbox.home, 'my-bun'))).toContain('a');
    expect((await audited(sandbox, '--cache')).with('reject')).toEqual(['evil@1.0.0']);
  });
});

describe('a cache that the repository has named', () => {
  it('of npm, elsewhere, is not', async () => {
    const elsewhere = join(sandbox.root, 'elsewhere');
    sandbox.write({ '.npmrc': `cache=${elsewhere}\n` });
    await install('npm-10');
    expect(readdirSync(elsewhere)).toContain('_cacache');
    expect(origins((await audited(sandbox)).packages)).toEqual({ registry: 2 });
  });

  it('of Yarn 4, in it, is used, and other bytes there are an error', async () => {
    sandbox.write({ '.yarnrc.yml': 'enableGlobalCache: false\ncacheFolder: ./zips\n' });
    await install('yarn-4', '--mode=skip-build');
    expect(origins((await audited(sandbox)).packages)).toEqual({ 'yarn-zip': 2 });
    const zips = join(sandbox.project, 'zips');
    const zip = readdirSync(zips).find((name) => name.startsWith('a-npm'));
    writeFileSync(join(zips, zip!), 'other bytes');
    rmSync(join(sandbox.env['XDG_CACHE_HOME']!, 'tarwarden'), { recursive: true });
    const { code, packages } = await audited(sandbox);
    const checks = packages.find((one) => one.package?.name === 'a')?.checks;
    expect(checks?.map(({ id, level }) => `${level} ${id}`)).toContain('error cache-mismatch');
    expect(code).toBe(1);
  });
});

describe('a registry', () => {
  it.skipIf(skipped('bun'))('of bun’s own file gets its token, and is asked', async () => {
    const config = sandbox.env['XDG_CONFIG_HOME']!;
    mkdirSync(config, { recursive: true });
    const bunfig = `[install]\nregistry = { url = "${registry.url}", token = "$SECRET" }\n`;
    writeFileSync(join(config, '.bunfig.toml'), bunfig);
    sandbox.env['SECRET'] = 'of-the-user';
    await install('bun', '--lockfile-only');
    const found = await audited(sandbox);
    expect(origins(found.packages)).toEqual({ registry: 2 });
    expect(new Set(registry.log.map(({ headers }) => headers.authorization))).toEqual(
      new Set(['Bearer of-the-user']),
    );
  });

  it.each([
    [
      'bun.lock',
      'bunfig.toml',
      (url: string) => `[install]\nregistry = { url = "${url}", token = "$SECRET" }\n`,
    ],
    ['pnpm-lock.yaml', 'pnpm-workspace.yaml', (url: string) => `registries:\n  default: ${url}/\n`],
  ] as const)('of a repository gets no token of the user’s: %s', async (lockfile, file, text) => {
    const bytes = tgz({ name: 'a', version: '1.0.0' });
    const foreign = await startRegistry();
    foreign.publish({ name: 'a', tgz: bytes });
    try {
      sandbox.env['SECRET'] = 'of-the-user';
      sandbox.npmrc(`//127.0.0.1:${registry.port}/:_authToken=of-the-user`);
      sandbox.write({ [file]: text(foreign.url), [lockfile]: LOCKFILES[lockfile](sri(bytes)) });
      const { stderr } = await audited(sandbox);
      expect(stderr).toContain(`the project's ${file} sets the registry ${foreign.url}`);
      expect(foreign.downloads()).toHaveLength(1);
      expect(JSON.stringify(foreign.log)).not.toContain('of-the-user');
      expect(registry.log).toEqual([]);
    } finally {
      await foreign.close();
    }
  });
});

/** Lockfiles that leave it to the settings where a package is. */
const LOCKFILES = {
  'bun.lock': (integrity: string) =>
    JSON.stringify({
      lockfileVersion: 1,
      workspaces: { '': { name: 'app', dependencies } },
      packages: { a: ['a@1.0.0', '', {}, integrity] },
    }),
  'pnpm-lock.yaml': (integrity: string) =>
    `lockfileVersion: '9.0'\nimporters:\n  .: {}\npackages:\n  a@1.0.0:\n    resolution: {integrity: ${integrity}}\n`,
} as const;
