/* Feeds that were counted anew, that lie, and that do not end. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feedSource } from '../../../../packages/server/src/sweep/sources/feed.ts';
import type { Part } from '../../../../packages/server/src/sweep/sources/source.ts';

let server: Server;
let newest: unknown;
let page: (since: string) => unknown;
let respond: (value: unknown, response: ServerResponse) => void;
let asked: string[];
beforeEach(async () => {
  newest = 5;
  page = (since) => ({ results: [], last_seq: since });
  respond = (value, response) => void response.end(JSON.stringify(value));
  asked = [];
  server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const since = searchParams.get('since') ?? '';
    if (pathname === '/_changes') asked.push(since);
    respond(pathname === '/_changes' ? page(since) : { update_seq: newest }, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function read(after?: string, signal?: AbortSignal): Promise<Part[]> {
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const parts: Part[] = [];
  for await (const part of feedSource({ url, from: '0' }).parts(after, signal)) parts.push(part);
  return parts;
}

describe('a feed that was replaced', () => {
  it.each([
    ['smaller places', 3, '900'],
    ['texts after numbers', '7-abc', '900'],
    ['numbers after texts', 5, '900-abc'],
  ])('is read from the beginning: %s', async (_, now, after) => {
    newest = now;
    await read(after);
    expect(asked[0]).toBe('0');
  });

  it('is read on where its places are texts of their own', async () => {
    newest = '7-abc';
    await read('900-abc');
    expect(asked).toEqual(['900-abc']);
  });
});

describe('a feed of several servers', () => {
  it('has nothing new where one answers that is behind', async () => {
    newest = 995;
    expect(await read('1000')).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('has nothing new where another one has the page', async () => {
    newest = 1001;
    page = () => ({ results: [], last_seq: 995 });
    expect(await read('1000')).toEqual([]);
    expect(asked).toEqual(['1000']);
  });
});

describe('a feed that lies', () => {
  const ping = { a: 'b', b: 'a', 0: 'a' };

  it.each([
    ['repeats itself', (since: string) => ping[since as 'a']],
    ['goes back', (since: string) => (since === '0' ? 4 : 2)],
  ])('ends with an error where it %s', async (_, next) => {
    page = (since) => ({ results: [{ id: 'x' }], last_seq: next(since) });
    await expect(read()).rejects.toThrow('goes back');
    expect(asked.length).toBeLessThan(5);
  });

  it.each([
    ['an object', {}],
    ['a list', [5, 'x']],
    ['nothing', null],
    ['no whole number', 1.5],
    ['a number that is not exact', 1e300],
    ['a negative number', -1],
    ['an empty text', ''],
    ['a long text', 'x'.repeat(3000)],
  ])('has %s as a place', async (_, seq) => {
    page = () => ({ results: [], last_seq: seq });
    await expect(read()).rejects.toMatchObject({ isAway: false, message: /not a page/ });
    newest = seq;
    await expect(read()).rejects.toThrow('where it ends');
  });

  it('has more in one page than anybody asked for', async () => {
    const results = Array.from({ length: 10_001 }, () => ({ id: 'a' }));
    page = () => ({ results, last_seq: 5 });
    await expect(read()).rejects.toThrow('too long');
  });

  it('has a page without end', async () => {
    respond = (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    await expect(read()).rejects.toThrow('too long');
  });

  it('names what is not a package', async () => {
    const ids = ['../x', '', 7, null, { id: 'y' }, '__proto__', 'a'.repeat(300), 'a/../b', 'fine'];
    page = (since) =>
      since === '0'
        ? { results: [...ids.map((id) => ({ id })), null, 'x'], last_seq: 5 }
        : { results: [], last_seq: 5 };
    const [part] = await read();
    expect(part!.works).toEqual(['__proto__', 'fine'].map((name) => ({ kind: 'package', name })));
  });
});

describe('a feed that is not there', () => {
  it.each([404, 410, 401])('ends with an error at once: %i', async (status) => {
    respond = (_, response) => void response.writeHead(status).end('{}');
    await expect(read()).rejects.toMatchObject({ isAway: false, message: RegExp(`${status}`) });
  });

  it('is left where the run is stopped', async () => {
    const stop = new AbortController();
    respond = () => stop.abort();
    await expect(read(undefined, stop.signal)).rejects.toThrow();
  });
});
