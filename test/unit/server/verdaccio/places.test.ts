import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listenAt, placesIn } from '../../../../packages/server/src/verdaccio/places.ts';

describe('places', () => {
  it.each([
    [undefined, [{ host: 'localhost', port: 4873 }]],
    [4873, [{ host: 'localhost', port: 4873 }]],
    ['4873', [{ host: 'localhost', port: 4873 }]],
    [':80', [{ host: 'localhost', port: 80 }]],
    ['0.0.0.0:1/', [{ host: '0.0.0.0', port: 1 }]],
    ['http://[::1]:2', [{ host: '::1', port: 2 }]],
    [
      ['a:1', 'unix:/run/x'],
      [{ host: 'a', port: 1 }, { path: '/run/x' }],
    ],
    ['https://a:1', [{ host: 'a', port: 1 }]],
  ])('of %j', (listen, places) => {
    expect(placesIn(listen).map(({ at }) => at)).toEqual(places);
  });

  it.each([[[]], ['x'], ['a:99999'], ['ftp://a:1'], [{}], ['a:b:1'], [['a:1', 'https://a:2']]])(
    '%j are not',
    (listen) => {
      expect(() => placesIn(listen)).toThrow(/^listen: /);
    },
  );
});

describe('listening', () => {
  it('is at all places', async () => {
    const server = createServer((_, response) => response.end('here'));
    const { addresses, servers } = await listenAt(server, placesIn(['127.0.0.1:0', '127.0.0.1:0']));
    expect(new Set(addresses).size).toBe(2);
    for (const address of addresses)
      expect(await (await fetch(address, { headers: { connection: 'close' } })).text()).toBe(
        'here',
      );
    for (const one of servers) one.close();
    server.closeAllConnections();
  });

  it('is at none where one of them is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const server = createServer();
    const bound: number[] = [];
    server.on('listening', () => bound.push((server.address() as AddressInfo).port));
    const places = placesIn(['127.0.0.1:0', `127.0.0.1:${port}`]);
    await expect(listenAt(server, places)).rejects.toThrow(/cannot listen on 127\.0\.0\.1/);
    expect(bound).toHaveLength(1);
    const socket = connect(bound[0]!, '127.0.0.1');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    other.close();
  });
});
