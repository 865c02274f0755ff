/* Clients that go away while the gateway looks something up. */
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { signer } from '../../../support/signed-verdicts.ts';
import type { Registry } from '../../../support/registry.ts';
import { startFronted, startGateway, type Testing } from './support.ts';

let testing: Testing;
let registry: Registry;

afterEach(async () => {
  await testing.close();
  await registry.close();
});

const TARBALL = '/clean/-/clean-1.0.0.tgz';

async function metric(name: string): Promise<string | undefined> {
  const text = (await testing.ask('/-/tarwarden/metrics')).body.toString();
  return text.split('\n').find((line) => line.startsWith(`${name} `));
}

it('keep no archive if they leave while its verdict is looked up', async () => {
  ({ registry, testing } = await startFronted());
  await testing.close();
  const { key, pinned } = signer();
  const lookups: (() => void)[] = [];
  const storage = {
    label: 'slow',
    get: async () => new Promise<string[]>((resolve) => lookups.push(() => resolve([]))),
    put: async () => undefined,
    close: async () => undefined,
  };
  testing = await startGateway(registry.url, { signed: { storage, keys: pinned, key } });
  const socket = connect(Number(new URL(testing.url).port), '127.0.0.1');
  socket.write(`GET ${TARBALL} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await expect.poll(() => lookups.length).toBe(1);
  socket.destroy();
  await expect.poll(async () => metric('tarwarden_requests_open')).toMatch(/ 1$/);
  lookups.pop()!();
  const second = testing.ask(TARBALL);
  // The second client needs further lookups, which end at once.
  const answering = setInterval(() => lookups.splice(0).forEach((answer) => answer()), 1);
  expect((await second).status).toBe(200);
  clearInterval(answering);
  await expect.poll(async () => metric('tarwarden_bytes_held')).toMatch(/ 0$/);
});
