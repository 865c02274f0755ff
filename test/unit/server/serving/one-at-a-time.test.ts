import { once } from 'node:events';
import { Agent, createServer, get, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oneAtATime } from '../../../../packages/server/src/serving/one-at-a-time.ts';

let server: Server;
let port: number;
let asked: (string | undefined)[];
let closed: number;
let answer: (response: ServerResponse) => void;
beforeEach(async () => {
  [asked, closed] = [[], 0];
  answer = (response) => void response.end('x'.repeat(1_000_000));
  const listener = oneAtATime((request, response) => {
    asked.push(request.url);
    response.once('close', () => (closed += 1));
    answer(response);
  });
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  server.close().closeAllConnections();
});

function client(...paths: string[]): Socket {
  const requests = paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  return connect(port, '127.0.0.1', function (this: Socket) {
    this.write(requests.join(''));
  });
}

describe('oneAtATime', () => {
  it('closes the connection of who asks for many at once, and begins with none but the first', async () => {
    answer = () => undefined;
    const socket = client('/1', '/2', '/3', '/4', '/5', '/6').on('error', () => undefined);
    await once(socket, 'close');
    await expect.poll(() => closed).toBe(1);
    expect(asked).toEqual(['/1']);
  });

  it('begins with what waits once the answer before it is over', async () => {
    const answers: ServerResponse[] = [];
    answer = (response) => void answers.push(response);
    const socket = client('/1', '/2', '/3').on('error', () => undefined);
    for (const begun of [['/1'], ['/1', '/2'], ['/1', '/2', '/3']]) {
      await expect.poll(() => asked).toEqual(begun);
      answers.pop()!.end();
    }
    socket.destroy();
  });

  it('begins with nothing of a client that is gone, and that did not take its answer', async () => {
    answer = (response) => void response.end(Buffer.alloc(64 * 1024 * 1024));
    const socket = client('/1', '/2').on('error', () => undefined);
    socket.pause();
    await expect.poll(() => asked).toEqual(['/1']);
    socket.destroy();
    await expect.poll(() => closed).toBe(1);
    expect(asked).toEqual(['/1']);
  });

  it('begins with nothing after an answer that ends the connection', async () => {
    answer = (response) => {
      response.setHeader('connection', 'close');
      // Longer than what the system takes at once, so that the connection is still open when the answer is over.
      response.end(Buffer.alloc(16 * 1024 * 1024));
    };
    const socket = client('/1', '/2', '/3').resume();
    await once(socket, 'close');
    expect(asked).toEqual(['/1']);
  });

  it('takes the next request of who has all bytes of an answer that is not over', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-length': 3 }).write('all');
      setTimeout(() => response.end(), 20);
    };
    const socket = client('/1').on('error', () => undefined);
    for (const path of ['/2', '/3']) {
      await expect.poll(() => socket.read() !== null).toBe(true);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    }
    await expect.poll(() => asked).toEqual(['/1', '/2', '/3']);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  it('has one after another over a connection that is kept', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<Socket>();
    const one = (count: number): Promise<number> =>
      new Promise((resolve, reject) => {
        const request = get({ port, host: '127.0.0.1', path: `/${count}`, agent }, (response) => {
          sockets.add(response.socket);
          response.resume().on('end', () => resolve(response.statusCode ?? 0));
        });
        request.on('error', reject);
      });
    const all = await Promise.all(Array.from({ length: 50 }, (_, count) => one(count)));
    expect(new Set(all)).toEqual(new Set([200]));
    expect([asked.length, sockets.size]).toEqual([50, 1]);
    agent.destroy();
  });
});
