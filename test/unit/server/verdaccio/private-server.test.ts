import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  notePeer,
  PEER,
  PrivateServer,
  takePeer,
} from '../../../../packages/server/src/verdaccio/private-server.ts';

async function ask(to: { socketPath: string } | { port: number }, headers = {}): Promise<string> {
  const sent = request({ ...to, headers, agent: false });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const part of answer) text += String(part);
  return text;
}

describe('a private server', () => {
  it('knows what came by it, and is nobody else’s', async () => {
    const server: PrivateServer = new PrivateServer((received, response) => {
      response.end(String(server.received(received)));
    }, process.env);
    await server.listening;
    expect(statSync(dirname(server.path)).mode & 0o077).toBe(0);
    const other = createServer((received, response) => {
      response.end(String(server.received(received)));
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await ask({ socketPath: server.path })).toBe('true');
    expect(await ask({ port }, { host: 'localhost', [PEER]: 'tcp ' })).toBe('false');
    server.close();
    other.close();
    expect(existsSync(dirname(server.path))).toBe(false);
  });
});

describe('who asks', () => {
  it.each([
    [{ remoteAddress: '10.0.0.1' }, '10.0.0.1', false],
    [{ remoteAddress: '::1', encrypted: true }, '::1', true],
    [{}, undefined, false],
  ])('is at %j, whatever a client says', (socket, remoteAddress, encrypted) => {
    const outer = { socket, headers: { [PEER]: 'tls 127.0.0.1' } } as unknown as IncomingMessage;
    notePeer(outer);
    const inner = { socket: {}, headers: { ...outer.headers } } as unknown as IncomingMessage;
    takePeer(inner);
    expect(inner.socket).toMatchObject({});
    expect([
      inner.socket.remoteAddress,
      (inner.socket as { encrypted?: boolean }).encrypted,
    ]).toEqual([remoteAddress, encrypted]);
    expect(inner.headers).toEqual({});
    // The next request of the connection is somebody else's.
    takePeer(inner);
    expect(inner.socket.remoteAddress).toBeUndefined();
  });
});
