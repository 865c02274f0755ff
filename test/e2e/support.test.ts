import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attack } from '../support/attacks.ts';
import { makeCertificates } from '../support/certificates.ts';
import { available, run, type ManagerName } from '../support/managers.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import {
  startRegistry,
  type Publication,
  type Registry,
  type RegistryOptions,
} from '../support/registry.ts';
import { EMPTY_YARN_LOCK } from '../support/git.ts';
import { makeGitRepo, makeSandbox, tree, type Sandbox } from '../support/sandbox.ts';

const TIMEOUT = 60_000;
const installs: readonly [ManagerName, string[]][] = [
  ['npm-10', ['install']],
  ['npm-11', ['install']],
  ['npm-12', ['install']],
  ['pnpm-10', ['install']],
  ['pnpm-11', ['install']],
  ['pnpm-12', ['install']],
  ['yarn-1', ['install']],
  ['yarn-3', ['install']],
  ['yarn-4', ['install']],
  ['bun', ['install']],
];

const packages: readonly Publication[] = [
  { name: 'tarwarden-top', manifest: { dependencies: { '@tarwarden-test/scoped': '^1.0.0' } } },
  {
    name: '@tarwarden-test/scoped',
    version: '1.2.0',
    manifest: { bin: { 'tarwarden-scoped': './index.js' } },
  },
];

let registry: Registry;
let sandbox: Sandbox;
let proxy: Proxy | undefined;

async function set(options: RegistryOptions = {}): Promise<void> {
  registry = await startRegistry({ packages, ...options });
  sandbox = makeSandbox({ registry: registry.url });
  sandbox.write({
    'package.json': {
      name: 'project',
      version: '1.0.0',
      dependencies: { 'tarwarden-top': '1.0.0' },
    },
    '.yarnrc.yml': 'nodeLinker: node-modules\n',
  });
}

beforeEach(() => set());
afterEach(async () => {
  sandbox.dispose();
  await registry.close();
  await proxy?.close();
  proxy = undefined;
});

describe.each(installs)('%s', (name, args) => {
  const here = available(name);
  test.skipIf(!here.ok)('installs from the loopback registry', { timeout: TIMEOUT }, async () => {
    const before = tree(sandbox.sentinel);
    const result = await run(name, args, { sandbox });
    expect(result).toMatchObject({ code: 0, timedOut: false });
    expect(existsSync(join(sandbox.project, 'node_modules/tarwarden-top/index.js'))).toBe(true);
    expect(registry.downloads().toSorted()).toEqual([
      '/@tarwarden-test/scoped/-/scoped-1.2.0.tgz',
      '/tarwarden-top/-/tarwarden-top-1.0.0.tgz',
    ]);
    expect(registry.log.filter((line) => line.status >= 400)).toEqual([]);
    expect(tree(sandbox.sentinel)).toEqual(before);
    sandbox.assertSentinelUntouched();
  });
});

describe.each([
  ['npm-12', ['install', '--allow-git=all']],
  ['pnpm-12', ['install']],
  ['yarn-3', ['install']],
  ['yarn-4', ['install']],
] as const)('%s', (name, args) => {
  test.skipIf(!available(name).ok)('installs from a git repository of the sandbox', async () => {
    const manifest = { name: 'tarwarden-git', version: '1.0.0' };
    const repo = sandbox.gitRepo('some', {
      'package.json': manifest,
      'yarn.lock': EMPTY_YARN_LOCK,
    });
    const yarn = name.startsWith('yarn');
    if (name === 'yarn-4') sandbox.yarnrc(`approvedGitRepositories: ["${repo.remote}"]`);
    const spec = yarn
      ? `${repo.remote}#commit=${repo.commit}`
      : `git+${repo.remote}#${repo.commit}`;
    sandbox.write({ 'package.json': { name: 'project', dependencies: { 'tarwarden-git': spec } } });
    expect(await run(name, args, { sandbox })).toMatchObject({ code: 0 });
    const installed = join(sandbox.project, 'node_modules/tarwarden-git/package.json');
    expect(existsSync(installed)).toBe(true);
  });
});

describe('npm-11', () => {
  test(
    'installs a file served by URL, and one from a git repository',
    { timeout: TIMEOUT },
    async () => {
      const url = registry.file(
        'plain.tgz',
        attack('duplicate-path-equal').build({ name: 'tarwarden-plain' }),
      );
      const repo = makeGitRepo(join(sandbox.root, 'repo'), {
        'package.json': { name: 'tarwarden-git', version: '1.0.0' },
        'lib/a.js': '',
      });
      sandbox.write({
        'package.json': {
          name: 'project',
          dependencies: { 'tarwarden-plain': url, 'tarwarden-git': repo.spec },
        },
      });
      const result = await run('npm-11', ['install'], { sandbox });
      expect(result).toMatchObject({ code: 0 });
      const lockfile = readFileSync(join(sandbox.project, 'package-lock.json'), 'utf8');
      expect(lockfile).toContain(url);
      expect(lockfile).toContain(repo.commit);
      expect(existsSync(join(sandbox.project, 'node_modules/tarwarden-git/lib/a.js'))).toBe(true);
    },
  );

  test(
    'sends the token where one is asked for, and is refused without',
    { timeout: TIMEOUT },
    async () => {
      await registry.close();
      sandbox.dispose();
      await set({ auth: { token: 'test-token', scope: '@tarwarden-test' } });
      expect(await run('npm-11', ['install'], { sandbox })).toMatchObject({ code: 1 });
      sandbox.npmrc(`//127.0.0.1:${registry.port}/:_authToken=test-token`);
      expect(await run('npm-11', ['install'], { sandbox })).toMatchObject({ code: 0 });
    },
  );

  test('goes through the proxy', { timeout: TIMEOUT }, async () => {
    proxy = await startProxy({ credentials: 'user:secret' });
    sandbox.npmrc(`proxy=${proxy.url.replace('//', '//user:secret@')}`, 'noproxy=');
    expect(await run('npm-11', ['install'], { sandbox })).toMatchObject({ code: 0 });
    expect(proxy.log.length).toBeGreaterThan(0);
    expect(proxy.log.every((line) => line.status === 200)).toBe(true);
  });

  test(
    'trusts the authority it is given, and shows its certificate',
    { tags: ['openssl'], timeout: TIMEOUT },
    async () => {
      const { ca, key, cert, files, clientKey, clientCert } = makeCertificates(
        join(sandbox.root, 'certificates'),
      );
      await registry.close();
      registry = await startRegistry({ packages, tls: { key, cert, ca } });
      sandbox.npmrc(`registry=${registry.url}/`, 'fetch-retries=0');
      expect(await run('npm-11', ['install'], { sandbox })).toMatchObject({ code: 1 });
      sandbox.npmrc(
        `cafile=${files.ca}`,
        `key=${JSON.stringify(clientKey)}`,
        `cert=${JSON.stringify(clientCert)}`,
      );
      expect(await run('npm-11', ['install'], { sandbox })).toMatchObject({ code: 0 });
    },
  );
});
