/* A registry that goes down while clients install: everything that was accepted before installs, and nothing else. */
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { run } from '../../support/managers.ts';
import { payload } from '../../support/payload.ts';
import { tgz } from '../../support/pkg.ts';
import { sri, startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { makeUser, startGateway, type Gateway, type User } from './support.ts';

const COUNT = 500;
const names = Array.from({ length: COUNT }, (_, i) => `tiny-${i}`);

let registry: Registry | undefined;
let gateway: Gateway;
const left: Pick<Sandbox, 'dispose'>[] = [];
afterEach(async () => {
  await gateway.end('SIGKILL');
  await registry?.close();
  for (const sandbox of left.splice(0)) sandbox.dispose();
});

function newUser(): User {
  const user = makeUser(gateway);
  left.push(user.sandbox);
  return user;
}

/** npm 12 asks for full documents. */
const get = async (path: string): Promise<Response> => fetch(`${gateway.url}${path}`);
const tarballOf = (name: string): string => `/${name}/-/${name}-1.0.0.tgz`;

/** How often an archive came from the cache. */
async function hits(): Promise<number> {
  const metrics = await (await get('/-/tarwarden/metrics')).text();
  const counts = metrics.matchAll(
    /^tarwarden_cache_total\{kind="archive",outcome="(?:hit|memory)"\} (\d+)$/gm,
  );
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

test('two clients install 500 packages while the registry is killed', async () => {
  registry = await startRegistry();
  const packages = names.map((name) => ({ name, bytes: tgz({ name }) }));
  for (const { name, bytes } of packages) registry.publish({ name, tgz: bytes });
  registry.publish({ name: 'evil', tgz: payload('evil') });
  registry.publish({ name: 'unasked' });
  const guarding = makeSandbox();
  left.push(guarding);
  const cache = { storage: join(guarding.root, 'archives'), bytes: '1GiB' };
  gateway = await startGateway(registry.url, guarding, {}, { cache });
  const warmed = await Promise.all(names.map(async (name) => get(tarballOf(name))));
  expect(new Set(warmed.map(({ status }) => status))).toEqual(new Set([200]));
  for (const name of ['evil', 'tiny-1']) expect((await get(`/${name}`)).status).toBe(200);
  expect((await get(tarballOf('evil'))).status).toBe(403);
  await gateway.end('SIGTERM');

  // The next gateway has nothing in memory.
  gateway = await startGateway(registry.url, guarding, {}, { cache });
  const lock = Object.fromEntries(
    packages.map(({ name, bytes }) => [
      `node_modules/${name}`,
      { version: '1.0.0', resolved: gateway.url + tarballOf(name), integrity: sri(bytes) },
    ]),
  );
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  const project = { name: 'project', version: '1.0.0', dependencies };
  const users = [newUser(), newUser()];
  const installs = users.map(async ({ sandbox }) => {
    sandbox.write({
      'package.json': project,
      'package-lock.json': { ...project, lockfileVersion: 3, packages: { '': project, ...lock } },
    });
    return run('npm-12', ['ci', '--no-audit'], { sandbox });
  });
  await expect.poll(hits, { timeout: 60_000, interval: 20 }).toBeGreaterThan(100);
  expect(await hits()).toBeLessThan(2 * COUNT);
  await registry.close();
  registry = undefined;
  for (const { code, stdout, stderr } of await Promise.all(installs))
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
  for (const user of users) expect(names.filter((name) => !user.landed(name))).toEqual([]);

  const victim = newUser();
  const refused = await victim.install('npm-12', { dependencies: { evil: '1.0.0' } });
  expect(refused.stdout + refused.stderr).toMatch(/evil@1\.0\.0/);
  expect(refused.code).not.toBe(0);
  expect(victim.hostile()).toEqual([]);
  expect((await get('/unasked')).status).toBe(502);
  const stale = await get('/tiny-1');
  expect(stale.headers.get('warning')).toBe('110 - "Response is Stale"');
  expect(Number(stale.headers.get('age'))).toBeLessThan(600);
  expect(gateway.log.filter((line) => line.includes('without the registry'))).toHaveLength(1);

  // A document is not served after the limit.
  await gateway.end('SIGTERM');
  const strict = { cache: { ...cache, staleIfError: '0s' } };
  gateway = await startGateway('http://127.0.0.1:1', guarding, {}, strict);
  for (const path of ['/tiny-1', tarballOf('tiny-1')]) expect((await get(path)).status).toBe(502);
});
