/* Two gateways behind a balancer: one can stop while the other goes on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startGateway, type Gateway } from './support.ts';

const ARCHIVE = '/clean/-/clean-1.0.0.tgz';

let registry: Registry;
let sandboxes: Sandbox[];
let gateways: Gateway[];
beforeAll(async () => {
  registry = await startRegistry();
  registry.publish({ name: 'clean' });
  sandboxes = [makeSandbox(), makeSandbox()];
  gateways = [];
  for (const [i, sandbox] of sandboxes.entries())
    gateways.push(await startGateway(registry.url, sandbox, {}, { drain: i === 0 ? '1s' : '0s' }));
});
afterAll(async () => {
  for (const gateway of gateways) await gateway.end('SIGKILL');
  for (const sandbox of sandboxes) sandbox.dispose();
  await registry.close();
});

const statusOf = async (gateway: Gateway, path: string): Promise<number> => {
  const answer = await fetch(gateway.url + path);
  await answer.arrayBuffer();
  return answer.status;
};

test('one that stops is not ready, still answers for a while, and the other goes on', async () => {
  const [first, second] = gateways;
  expect(await statusOf(first!, ARCHIVE)).toBe(200);
  const ended = first!.end('SIGTERM');
  await expect
    .poll(async () => statusOf(first!, '/-/tarwarden/readyz'), { interval: 10 })
    .toBe(503);
  expect(await statusOf(first!, ARCHIVE)).toBe(200);
  expect(await statusOf(second!, '/-/tarwarden/readyz')).toBe(200);
  expect(await ended).toBe(0);
  expect(await statusOf(second!, ARCHIVE)).toBe(200);
  const lines = first!.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  const access = lines.filter(({ name }) => name === 'access');
  // No line is lost at the end.
  expect(access.filter(({ kind }) => kind === 'archive')).toHaveLength(2);
});
