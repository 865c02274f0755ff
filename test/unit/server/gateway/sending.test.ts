/* Answers on their way to clients that take them slowly, or not at all. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Sending, type SendingOptions } from '../../../../packages/server/src/gateway/sending.ts';
import { listening } from './support.ts';

const sockets: Socket[] = [];
const servers: Server[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

describe('clients that read slowly', () => {
  const large = Buffer.alloc(64 * 1024 * 1024);

  async function slowly(options: SendingOptions): Promise<{ sent: (() => void)[]; at: string }> {
    const sending = new Sending(options);
    const sent: (() => void)[] = [];
    const { server: own, address: at } = await listening((_, response) => {
      sent.push(() => sending.end(response, large, { status: 200, headers: {} }));
    });
    servers.push(own);
    return { sent, at };
  }

  function reader(at: string): Socket {
    const socket = connect(Number(new URL(at).port), '127.0.0.1');
    socket.on('error', () => undefined).pause();
    sockets.push(socket);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    return socket;
  }

  it('have no more waiting than there is memory for', async () => {
    const { sent, at } = await slowly({ unsentMax: large.length * 1.5 });
    const first = reader(at);
    reader(at);
    await expect.poll(() => sent.length).toBe(2);
    sent[0]!();
    expect(sent[1]!).toThrow('slow');
    first.destroy();
    await expect.poll(() => attempted(sent[1]!)).toBe(true);
  });

  it('have a time for all of it', async () => {
    const { sent, at } = await slowly({ sentWithin: 20 });
    const socket = reader(at);
    await expect.poll(() => sent.length).toBe(1);
    sent[0]!();
    let bytes = 0;
    const ended = once(socket, 'close');
    await new Promise((resolve) => setTimeout(resolve, 60));
    socket.on('data', (part) => (bytes += part.length)).resume();
    await ended;
    expect(bytes).toBeLessThan(large.length);
  });
});

function attempted(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
