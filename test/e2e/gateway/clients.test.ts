/* What real clients do behind a gateway: the table of docs/server/gateway.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { repository, run, type ManagerName } from '../../support/managers.ts';
import { payload } from '../../support/payload.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { clients, makeUser, startGateway, type Gateway, type User } from './support.ts';

let registry: Registry;
let guarding: Sandbox;
let gateway: Gateway;
let user: User;
beforeAll(async () => {
  registry = await startRegistry();
  registry.publish({ name: 'clean', manifest: { dependencies: { '@own/neat': '^1.0.0' } } });
  registry.publish({ name: '@own/neat' });
  registry.publish({ name: 'carrier', manifest: { dependencies: { evil: '1.0.0' } } });
  registry.publish({ name: 'evil', tgz: payload('evil') });
  guarding = makeSandbox();
  gateway = await startGateway(registry.url, guarding);
});
afterAll(async () => {
  await gateway.end('SIGTERM');
  await registry.close();
  guarding.dispose();
});
beforeEach(() => {
  user = makeUser(gateway);
});
afterEach(() => user.sandbox.dispose());

/** What docs/server/gateway.md says of a client: whether it shows the reason, and its exit code without an optional dependency. */
function documented(manager: ManagerName): { shows: boolean; optional: number } {
  const page = readFileSync(join(repository, 'docs/server/gateway.md'), 'utf8');
  const [name, version = ''] = manager.split('-') as [string, string?];
  const label = { npm: 'npm', pnpm: 'pnpm', bun: 'bun', yarn: 'Yarn' }[name]!;
  const rows = page.split('\n').filter((line) => line.startsWith(`| ${label}`));
  const own = rows.find((line) => {
    const [, client = ''] = line.split('|');
    return manager === 'yarn-1' ? client.includes('classic') : !version || client.includes(version);
  });
  const [, , shows = '', optional = ''] = own?.split('|') ?? [];
  expect(`${manager}: ${shows.trim()}`).toMatch(/: (?:yes|no)/);
  return {
    shows: shows.trim().startsWith('yes'),
    optional: optional.includes('**exit code 0**') ? 0 : 1,
  };
}

const REASON = /evil@1\.0\.0/;
const evilDownloads = (): number =>
  registry.downloads().filter((path) => path.includes('/evil-')).length;

describe.each(clients)('%s', (manager) => {
  test('installs what is accepted, cold and warm, through the gateway alone', async () => {
    const { code, stdout, stderr } = await user.install(manager, {
      dependencies: { clean: '1.0.0' },
    });
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
    expect(user.landed('clean')).toBe(true);
    const other = makeUser(gateway);
    const again = await other.install(manager, { dependencies: { clean: '^1.0.0' } });
    expect(again.code).toBe(0);
    expect(other.landed('clean')).toBe(true);
    other.sandbox.dispose();
    expect(gateway.held()).toEqual([]);
  });

  test.each([
    ['of its own', { evil: '1.0.0' }],
    ['of a dependency', { carrier: '1.0.0' }],
  ])('refuses a hostile package %s, and shows what is documented', async (_, dependencies) => {
    const { code, stdout, stderr } = await user.install(manager, { dependencies });
    const said = stdout + stderr;
    expect(code).not.toBe(0);
    expect(user.landed('evil')).toBe(false);
    expect(user.hostile()).toEqual([]);
    expect(said).toContain('403');
    const { shows } = documented(manager);
    expect({ said, shows: /tarwarden: /.test(said) && REASON.test(said) }).toMatchObject({ shows });
  });

  test('skips or fails on an optional dependency that is hostile, as is documented', async () => {
    const manifest = {
      dependencies: { '@own/neat': '1.0.0' },
      optionalDependencies: { evil: '1.0.0' },
    };
    const { code } = await user.install(manager, manifest);
    expect(code).toBe(documented(manager).optional);
    expect(user.landed('evil')).toBe(false);
    expect(user.hostile()).toEqual([]);
  });
});

test('the registry was asked for what is hostile once, whoever wanted it', () => {
  expect(evilDownloads()).toBe(1);
  const refused = gateway.log.filter((line) => REASON.test(line));
  expect(refused.length).toBeGreaterThanOrEqual(clients.length);
});

describe.each(clients.filter((name) => name.startsWith('npm')))('%s publish', (manager) => {
  async function publish(bytes: Uint8Array): Promise<{ code: number | null; said: string }> {
    const { sandbox } = user;
    const host = gateway.url.replace('http:', '');
    sandbox.npmrc(`${host}/:_authToken=secret-of-mine`);
    sandbox.write({ 'package.json': '{}' });
    const file = join(sandbox.root, 'mine.tgz');
    writeFileSync(file, bytes);
    const { code, stdout, stderr } = await run(manager, ['publish', file, '--tag', 'beta'], {
      sandbox,
    });
    return { code, said: stdout + stderr };
  }
  const puts = (): number => registry.log.filter(({ method }) => method === 'PUT').length;

  test('reaches the registry with what is accepted, and not with what is rejected', async () => {
    const before = puts();
    const refused = await publish(payload('clean', { version: '9.0.0' }));
    expect(refused.code).not.toBe(0);
    expect(refused.said).toMatch(/tarwarden: .*clean@/);
    expect(puts()).toBe(before);
    const { code, said } = await publish(tgz({ name: 'clean', version: '9.1.0' }));
    expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' });
    expect(puts()).toBe(before + 1);
    expect(registry.log.at(-1)?.headers.authorization).toBe('Bearer secret-of-mine');
    expect(gateway.log.join('\n')).not.toContain('secret-of-mine');
  });
});

describe('hideRefused', () => {
  test('has clients take another version', async () => {
    const own = await startRegistry();
    const sandbox = makeSandbox();
    own.publish({ name: 'evil', version: '0.9.0' });
    own.publish({ name: 'evil', version: '1.0.0', tgz: payload('evil') });
    const hiding = await startGateway(own.url, sandbox, { hideRefused: true });
    const first = makeUser(hiding);
    const dependencies = { evil: '*' };
    expect((await first.install('npm-10', { dependencies })).code).not.toBe(0);
    const second = makeUser(hiding);
    expect((await second.install('npm-10', { dependencies })).code).toBe(0);
    expect(second.landed('evil')).toBe(true);
    expect(second.hostile()).toEqual([]);
    const third = makeUser(hiding);
    const exact = await third.install('npm-10', { dependencies: { evil: '1.0.0' } });
    expect(exact.stderr).toContain('ETARGET');
    await hiding.end('SIGTERM');
    await own.close();
    for (const one of [first.sandbox, second.sandbox, third.sandbox, sandbox]) one.dispose();
  });
});
