/* Long answers of a registry that one client asks for, many times at once. */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { another, closeSockets, sockets, open, servers, statusOf } from './raw-sockets.ts';
import { listening, startGateway } from './support.ts';

afterEach(closeSockets);

describe.runIf(another)('long documents that one client asks for', () => {
  // A short gzip is only unpacked when all of it has come, so part of the text does not compress.
  const readme = randomBytes(256 * 1024).toString('hex') + 'x'.repeat(9 * 1024 * 1024);
  const long = JSON.stringify({ name: 'long', versions: {}, readme });
  const begun = gzipSync(long).subarray(0, -20);

  it.each([
    ['npm', '/long', '/small', 49],
    ['npm', '/-/v1/search?text=long', '/-/ping', 25],
    ['pypi', '/simple/long/', '/simple/small/', 49],
    ['go', '/example.org/long/@v/list', '/example.org/small/@v/list', 49],
    ['rubygems', '/info/long', '/info/small', 49],
  ] as const)(
    'and that wait for each other keep nobody waiting: %s %s',
    async (ecosystem, target, small, wait) => {
      let asked = 0;
      const { server, address } = await listening((request, response) => {
        if (ecosystem === 'pypi') response.setHeader('content-type', 'text/html');
        if (!request.url!.includes('long'))
          return void response.end('{"name":"small","versions":{}}');
        asked += 1;
        // All of it but the end.
        response.writeHead(200, { 'content-encoding': 'gzip' }).write(begun);
      });
      servers.push(server);
      const base = ecosystem === 'pypi' ? '/simple/' : '/';
      const testing = await startGateway(address + base, { ecosystem });
      try {
        const refused: number[] = [];
        for (let i = 0; i < 70; i += 1) {
          const socket = open(testing.url, '127.0.0.2', `GET ${target}`);
          socket.write('\r\n');
          statusOf(socket).then(
            (status) => refused.push(status),
            () => undefined,
          );
        }
        await expect.poll(() => refused.length).toBe(70 - wait);
        expect(new Set(refused)).toEqual(new Set([503]));
        expect(asked).toBe(70);
        expect((await testing.ask(small)).status).toBe(200);
      } finally {
        for (const socket of sockets.splice(0)) socket.destroy();
        await testing.close();
      }
    },
  );
});
