/* What real clients do with a real verdaccio behind the gateway: what it has of an uplink, and what is published to it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run, type ManagerName } from '../../support/managers.ts';
import { payload } from '../../support/payload.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { clients, makeUser, type Gateway, type User } from '../gateway/support.ts';
import { storedFiles } from './storage.ts';
import { configure, get, oldest, releases, signUp, startGuarded } from './support.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const some: readonly ManagerName[] = full
  ? clients
  : clients.filter((name) => ['npm-10', 'pnpm-10', 'yarn-4'].includes(name));

/** Answers what verdaccio-audit has from a registry that is not here. */
const ADVICE = `module.exports = { default: class {
  register_middlewares(app) {
    app.post('/-/npm/v1/security/advisories/bulk', (request, response) => response.json({
      clean: [{ id: 1, url: 'https://example.com/1', title: 'advice of the plugin',
        severity: 'high', vulnerable_versions: '*' }] }));
  }
} };
`;

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
  registry.publish({ name: 'clean', manifest: { dependencies: { '@own/neat': '^1.0.0' } } });
  registry.publish({ name: '@own/neat' });
  registry.publish({ name: 'carrier', manifest: { dependencies: { evil: '1.0.0' } } });
  registry.publish({ name: 'evil', tgz: payload('evil') });
});
afterAll(async () => registry.close());

describe.each(releases)('$name', (release) => {
  let own: Sandbox;
  let verdaccio: Gateway;
  let user: User;
  let config: string;
  beforeAll(async () => {
    own = makeSandbox();
    const plugins = join(own.root, 'verdaccio/plugins');
    own.write({ 'verdaccio-advice/index.js': ADVICE }, plugins);
    const middlewares = { tarwarden: {}, advice: {} };
    config = configure(own, registry.url, { plugins, middlewares });
    verdaccio = await startGuarded(own, config, { release });
  });
  afterAll(async () => {
    await verdaccio.end('SIGTERM');
    own.dispose();
  });
  beforeEach(() => {
    user = makeUser(verdaccio);
  });
  afterEach(() => user.sandbox.dispose());

  // The clients do not see which verdaccio it is.
  describe.each(full || release === oldest ? some : some.slice(0, 1))('%s', (manager) => {
    test('installs what is accepted, cold and warm', async () => {
      const { code, stdout, stderr } = await user.install(manager, {
        dependencies: { clean: '1.0.0' },
      });
      expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
      expect(user.landed('clean')).toBe(true);
    });

    test('is refused what is hostile, with the reason', async () => {
      const { code, stdout, stderr } = await user.install(manager, {
        dependencies: { carrier: '1.0.0' },
      });
      const said = stdout + stderr;
      expect(code).not.toBe(0);
      expect(said).toContain('403');
      if (/^(?:npm|pnpm-1[01]|yarn-[34])/.test(manager))
        expect(said).toMatch(/tarwarden: .*evil@1\.0\.0/);
      expect(user.landed('evil')).toBe(false);
      expect(user.hostile()).toEqual([]);
    });
  });

  test('npm does with a user what it does with verdaccio', async () => {
    const { sandbox } = user;
    const token = await signUp(verdaccio.url, 'somebody');
    sandbox.npmrc(`${verdaccio.url.replace('http:', '')}/:_authToken=${token}`);
    sandbox.write({ 'package.json': '{}' });
    const npm = async (...args: string[]): Promise<{ code: number | null; said: string }> => {
      const { code, stdout, stderr } = await run('npm-10', args, { sandbox });
      return { code, said: stdout + stderr };
    };
    const good = async (...args: string[]): Promise<string> => {
      const { code, said } = await npm(...args);
      expect({ args, code, said: code === 0 ? '' : said }).toEqual({ args, code: 0, said: '' });
      return said;
    };
    const file = async (bytes: Uint8Array): Promise<string> => {
      const path = join(sandbox.root, 'mine.tgz');
      writeFileSync(path, bytes);
      return path;
    };
    expect(await good('whoami')).toContain('somebody');
    await good('ping');

    const evil = await npm('publish', await file(payload('mine', { version: '6.6.6' })));
    expect(evil.code).not.toBe(0);
    expect(evil.said).toMatch(/tarwarden: .*mine@/);
    expect(storedFiles(config).filter((path) => path.startsWith('mine/'))).toEqual([]);

    await good('publish', await file(tgz({ name: 'mine', version: '1.0.0' })));
    await good('publish', await file(tgz({ name: '@private/mine', version: '1.0.0' })));
    await good('publish', await file(tgz({ name: 'mine', version: '2.0.0' })), '--tag', 'beta');
    expect(storedFiles(config)).toEqual(
      expect.arrayContaining([
        '@private/mine/mine-1.0.0.tgz',
        'mine/mine-1.0.0.tgz',
        'mine/mine-2.0.0.tgz',
      ]),
    );
    await good('dist-tag', 'add', 'mine@2.0.0', 'next');
    expect(await good('dist-tag', 'ls', 'mine')).toContain('next: 2.0.0');
    await good('deprecate', 'mine@1.0.0', 'old');
    expect(await good('view', 'mine@1.0.0', 'deprecated')).toContain('old');
    expect(await good('search', 'mine', '--json')).toContain('"mine"');
    await good('unpublish', 'mine@2.0.0', '--force');
    expect(storedFiles(config)).not.toContain('mine/mine-2.0.0.tgz');

    const installed = await user.install('npm-10', {
      dependencies: { '@private/mine': '1.0.0', mine: '1.0.0' },
    });
    expect({ code: installed.code, said: installed.stderr }).toMatchObject({ code: 0 });
    expect(user.landed('@private/mine')).toBe(true);

    sandbox.write({
      'package.json': { name: 'p', version: '1.0.0', dependencies: { clean: '1.0.0' } },
    });
    await good('install', '--package-lock-only', '--no-audit');
    const audit = await npm('audit');
    expect(audit).toMatchObject({
      code: 1,
      said: expect.stringContaining('advice of the plugin') as unknown,
    });

    // Warm for whoever may have it, and not there for anybody else.
    const path = '/@private/mine/-/mine-1.0.0.tgz';
    const mine = { headers: { authorization: `Bearer ${token}` } };
    expect((await get(verdaccio.url, path, mine)).status).toBe(200);
    for (const asked of [path, '/@private%2fmine', '/@private/mine/1.0.0']) {
      expect((await get(verdaccio.url, asked)).status).toBe(401);
      const wrong = { headers: { authorization: 'Bearer wrong' } };
      expect((await get(verdaccio.url, asked, wrong)).status).toBeGreaterThanOrEqual(401);
    }
    await good('logout');
  });
});
