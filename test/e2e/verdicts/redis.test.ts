// @module-tag redis
/* Two runners and one store in a real Redis, which two servers share: what one runner inspected, the other does not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressOf, readSigningKey, signVerdict } from '@tarwarden/host/signed-verdicts';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { available, type ManagerName } from '../../support/managers.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { startRedis, type Server } from '../../support/servers.ts';
import { asked, rejection, verdictOn } from '../../support/signed-verdicts.ts';
import { linesOf, type Line } from '../report/support.ts';
import { believe, makeSigner, serve, tarwarden, type Signing, type Store } from './support.ts';
import type { Sandbox } from '../../support/sandbox.ts';

const NAMES = ['clean', 'neat', 'tidy'];

let redis: Server;
let registry: Registry;
let signing: Signing;
let stores: Store[];
beforeAll(async () => {
  [redis, registry] = await Promise.all([startRedis(), startRegistry()]);
  for (const name of NAMES) registry.publish({ name });
  signing = await makeSigner(registry);
  believe(signing.sandbox, { keys: [signing.pin] });
  stores = await Promise.all([serve(signing, redis.url), serve(signing, redis.url)]);
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await Promise.all([redis.close(), registry.close()]);
  signing.sandbox.dispose();
});

/** Installs guarded; resolves to what the guard reports of tarballs. */
async function install(runner: Sandbox, manager: ManagerName): Promise<Line[]> {
  const dependencies = Object.fromEntries(NAMES.map((name) => [name, '1.0.0']));
  runner.write({ 'package.json': { name: 'project', version: '1.0.0', dependencies } });
  const report = join(runner.root, 'report.ndjson');
  rmSync(report, { force: true });
  const [command = ''] = manager.split('-');
  const env = { TARWARDEN_REPORT: report };
  expect(await tarwarden(runner, [command, 'install'], { manager, env })).toMatchObject({
    code: 0,
  });
  return linesOf(report).filter(({ type, format }) => type === 'archive' && format === 'npm');
}

test('the first runner inspects and signs, the second inspects nothing', async () => {
  const first = await install(signing.sandbox, 'npm-10');
  expect(first.map((one) => one.remembered)).toEqual([false, false, false]);
  // pnpm's guard compares its store with the tree digests.
  const push = ['verdicts', 'push', '--trees', '--key', signing.keyFile, '--url', stores[0]!.url];
  expect(await tarwarden(signing.sandbox, push)).toMatchObject({
    code: 0,
    stdout: '3 verdicts signed, of which 0 reject; 0 not signed\n',
  });
  for (const manager of (['npm-10', 'pnpm-12'] as const).filter((one) => available(one).ok)) {
    const runner = makeSandbox({ registry: registry.url });
    try {
      // By the other server, which knows of it by Redis alone.
      believe(runner, { url: stores[1]!.url, keys: [signing.pin] });
      const second = await install(runner, manager);
      expect(new Set(second.map((one) => one.package))).toEqual(
        new Set(NAMES.map((name) => `${name}@1.0.0`)),
      );
      expect(second.every((one) => one.remembered)).toBe(true);
    } finally {
      runner.dispose();
    }
  }
});

test('a rejection stays, whichever of two servers stores an acceptance at the same time', async () => {
  const key = readSigningKey(readFileSync(signing.keyFile, 'utf8'));
  const texts = Array.from({ length: 100 }, (_, index) => `bytes ${index}`);
  const put = async (store: Store, text: string, body: string): Promise<void> => {
    const address = new URL(`v1/${addressOf(asked(text))}`, store.url);
    const { status } = await fetch(address, { method: 'PUT', body });
    expect([200, 201]).toContain(status);
  };
  await Promise.all(
    texts.flatMap((text, index) => {
      const [one, other] = index % 2 === 0 ? stores : stores.toReversed();
      const [accepted, rejected] = [verdictOn(text), rejection(text)].map((verdict) =>
        signVerdict(asked(text), verdict, key),
      );
      return [put(one!, text, accepted!), put(other!, text, rejected!)];
    }),
  );
  for (const { url } of stores)
    for (const text of texts) {
      const response = await fetch(new URL(`v1/${addressOf(asked(text))}`, url));
      expect(await response.text()).toBe(signVerdict(asked(text), rejection(text), key));
    }
});

test('a Redis that lost all is a store without verdicts, and installs go on', async () => {
  await redis.restart();
  const runner = makeSandbox({ registry: registry.url });
  try {
    believe(runner, { url: stores[0]!.url, keys: [signing.pin] });
    const lines = await install(runner, 'npm-10');
    expect(lines.map((one) => one.remembered)).toEqual([false, false, false]);
  } finally {
    runner.dispose();
  }
});
