/* How many connections one client may hold. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { TrustedProxies } from '../../../../packages/server/src/gateway/client.ts';
import type { GatewayOptions } from '../../../../packages/server/src/gateway/server.ts';
import { registryForTest, startGateway, type Testing } from './support.ts';
import { another } from './raw-sockets.ts';

let testing: Testing;
const sockets: Socket[] = [];
beforeEach(() => void sockets.splice(0));

async function begin(options: Partial<GatewayOptions>): Promise<void> {
  testing = await startGateway((await registryForTest()).url, options);
}

/** Whether the gateway keeps a new connection: it answers a request for its health. */
async function isKept(localAddress: string): Promise<boolean> {
  const socket = testing.open('GET /-/tarwarden/healthz HTTP/1.1\r\nHost: x\r\n\r\n', localAddress);
  sockets.push(socket);
  const answered = once(socket, 'data').then(() => true);
  const closed = once(socket, 'close').then(() => false);
  return Promise.race([answered, closed]);
}

async function kept(localAddress: string, count: number): Promise<boolean[]> {
  const all: boolean[] = [];
  for (let i = 0; i < count; i += 1) all.push(await isKept(localAddress));
  return all;
}

describe.runIf(another)('a client', () => {
  it('holds half of the connections, and the next one half of the rest', async () => {
    await begin({ connectionLimits: { connections: 8 } });
    expect(await kept('127.0.0.2', 5)).toEqual([true, true, true, true, false]);
    expect(await kept('127.0.0.3', 3)).toEqual([true, true, false]);
    expect(await isKept('127.0.0.4')).toBe(true);
    // Closed connections make room.
    for (const socket of sockets.slice(0, 5)) socket.destroy();
    await expect.poll(async () => isKept('127.0.0.2')).toBe(true);
  });

  it('holds as many as the operator allows', async () => {
    await begin({ connectionLimits: { connections: 100, connectionsPerClient: 2 } });
    expect(await kept('127.0.0.2', 3)).toEqual([true, true, false]);
    expect(await isKept('127.0.0.3')).toBe(true);
  });

  it('that is a trusted proxy holds as many as there are', async () => {
    const trustedProxies = new TrustedProxies(['127.0.0.2']);
    await begin({ connectionLimits: { connections: 4, connectionsPerClient: 1 }, trustedProxies });
    expect(await kept('127.0.0.2', 3)).toEqual([true, true, true]);
    expect(await kept('127.0.0.3', 2)).toEqual([true, false]);
  });
});
