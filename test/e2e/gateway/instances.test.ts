/* Two gateways behind a balancer with one storage: what one has inspected the other does not, and one can stop while the other goes on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyPair } from '../../../packages/host/src/signed-verdicts/index.ts';
import { payload } from '../../support/payload.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { believe } from '../verdicts/support.ts';
import { startGateway, type Gateway } from './support.ts';

const NAMES = ['clean-0', 'clean-1', 'clean-2'];

let registry: Registry;
let sandboxes: Sandbox[];
let gateways: Gateway[];
beforeAll(async () => {
  registry = await startRegistry();
  for (const name of NAMES) registry.publish({ name });
  registry.publish({ name: 'evil', tgz: payload('evil') });
  const { pem, publicText } = keyPair();
  // Each has a machine of its own: they share the storage and the key, and no memory.
  sandboxes = [makeSandbox(), makeSandbox()];
  const storage = join(sandboxes[0]!.root, 'storage');
  gateways = [];
  for (const [i, sandbox] of sandboxes.entries()) {
    believe(sandbox, { keys: [{ key: publicText }] });
    const key = join(sandbox.root, 'key.pem');
    writeFileSync(key, pem, { mode: 0o600 });
    const more = { verdicts: { storage, key }, drain: i === 0 ? '1s' : '0s' };
    gateways.push(await startGateway(registry.url, sandbox, {}, more));
  }
});
afterAll(async () => {
  for (const gateway of gateways) await gateway.end('SIGKILL');
  for (const sandbox of sandboxes) sandbox.dispose();
  await registry.close();
});

async function inspected(gateway: Gateway): Promise<number> {
  const text = await (await fetch(`${gateway.url}/-/tarwarden/metrics`)).text();
  return Number(/^tarwarden_inspect_seconds_count (\d+)$/m.exec(text)?.[1]);
}

const statusOf = async (gateway: Gateway, path: string): Promise<number> => {
  const answer = await fetch(gateway.url + path);
  await answer.arrayBuffer();
  return answer.status;
};

test('the second inspects nothing that the first has inspected, and refuses the same', async () => {
  for (const [i, gateway] of gateways.entries()) {
    for (const name of NAMES)
      expect(await statusOf(gateway, `/${name}/-/${name}-1.0.0.tgz`)).toBe(200);
    expect(await statusOf(gateway, '/evil/-/evil-1.0.0.tgz')).toBe(403);
    expect(await inspected(gateway)).toBe(i === 0 ? NAMES.length + 1 : 0);
  }
});

test('one that stops is not ready, still answers for a while, and the other goes on', async () => {
  const [first, second] = gateways;
  const ended = first!.end('SIGTERM');
  await expect
    .poll(async () => statusOf(first!, '/-/tarwarden/readyz'), { interval: 10 })
    .toBe(503);
  expect(await statusOf(first!, '/clean-0/-/clean-0-1.0.0.tgz')).toBe(200);
  expect(await statusOf(second!, '/-/tarwarden/readyz')).toBe(200);
  expect(await ended).toBe(0);
  expect(await statusOf(second!, '/clean-0/-/clean-0-1.0.0.tgz')).toBe(200);
  const lines = first!.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  const access = lines.filter(({ name }) => name === 'access');
  // No line is lost at the end.
  expect(access.filter(({ kind }) => kind === 'archive')).toHaveLength(NAMES.length + 2);
});
