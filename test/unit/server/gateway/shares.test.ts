/* Clients that send or take much and slowly: others have their part all the same. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnswerTurns } from '../../../../packages/server/src/gateway/answer-turns.ts';
import { Sending } from '../../../../packages/server/src/gateway/sending.ts';
import { Shares } from '../../../../packages/server/src/serving/shares.ts';
import { bytesHeld, listening, startGateway, type Testing } from './support.ts';
import { another, closeSockets, open, servers, statusOf } from './raw-sockets.ts';

describe('a client', () => {
  it('alone in a room may have all of it for one request', () => {
    const shares = new Shares(100);
    expect(shares.fits('a', 101)).toBe(false);
    expect(shares.fits('a', 100)).toBe(true);
    shares.add('a', 90);
    expect(shares.fits('a', 10, 90)).toBe(true);
    expect(shares.fits('a', 10)).toBe(false);
    expect(shares.fits('b', 10)).toBe(true);
    expect(shares.fits('b', 11)).toBe(false);
  });

  it('with many requests leaves as much as it has, and so does the next', () => {
    const shares = new Shares(64);
    const most = ['a', 'b', 'c'].map((client) => {
      let count = 0;
      for (; shares.fits(client, 1); count += 1) shares.add(client, 1);
      return count;
    });
    expect(most).toEqual([32, 16, 8]);
    shares.add('a', -32);
    expect(shares.fits('d', 20)).toBe(true);
    expect(shares.fits('b', 20)).toBe(false);
  });
});

afterEach(closeSockets);

describe.runIf(another)('answers that one client does not take', () => {
  it('leave as much room to others', async () => {
    const bytes = Buffer.alloc(32 * 1024 * 1024);
    const sending = new Sending({ unsentMax: 4 * bytes.length });
    const taken: Record<string, boolean[]> = {};
    const { server, address } = await listening((request, response) => {
      const results = (taken[request.socket.remoteAddress!] ??= []);
      try {
        sending.end(response, bytes, { status: 200, headers: {} });
        results.push(true);
      } catch {
        results.push(false);
        response.destroy();
      }
    });
    servers.push(server);
    for (const [from, times] of [
      ['127.0.0.2', 4],
      ['127.0.0.3', 2],
    ] as const)
      for (let i = 0; i < times; i += 1) {
        open(address, from, 'GET /').pause().write('\r\n');
        await expect.poll(() => taken[from]?.length).toBe(i + 1);
      }
    expect(taken).toEqual({ '127.0.0.2': [true, true, false, false], '127.0.0.3': [true, false] });
  });
});

describe.runIf(another)('what one client sends without an end', () => {
  let testing: Testing;
  let waiting: ServerResponse[];
  let holds: boolean;
  beforeEach(async () => {
    waiting = [];
    holds = false;
    const { server, address } = await listening((request, response) => {
      request.resume().once('end', () => {
        if (holds) waiting.push(response);
        else response.writeHead(201).end('{"ok":true}');
      });
    });
    servers.push(server);
    testing = await startGateway(address, { uploadBytes: 1_000_000 });
    return async () => testing.close();
  });
  const audit = '/-/npm/v1/security/advisories/bulk';
  const body = JSON.stringify({ name: 'mine', readme: 'x'.repeat(100_000) });

  function slowly(head: string, bytes: number): Socket {
    const socket = open(testing.url, '127.0.0.2', head);
    socket.write(`Content-Length: ${bytes + 1}\r\n\r\n`);
    socket.write('x'.repeat(bytes));
    return socket;
  }

  it.each([
    ['publications', 'PUT /mine', '/mine', 'PUT'],
    ['requests of the API', `POST ${audit}`, audit, 'POST'],
  ])('of %s leaves as much room to others', async (_, head, target, method) => {
    slowly(head, 300_000);
    await expect.poll(async () => bytesHeld(testing)).toBe(300_000);
    // Two of these would leave less to others than they have.
    expect(await statusOf(slowly(head, 300_000))).toBe(503);
    expect((await testing.ask(target, { method, body })).status).toBe(201);
  });

  it('of publications leaves all of the room for signing in and audits', async () => {
    slowly('PUT /mine', 990_000);
    await expect.poll(async () => bytesHeld(testing)).toBe(990_000);
    expect((await testing.ask('/mine', { method: 'PUT', body })).status).toBe(503);
    expect((await testing.ask(audit, { method: 'POST', body })).status).toBe(201);
  });

  it('of publications waits for no answer of the registry to another one', async () => {
    holds = true;
    const all = [0, 1, 2].map(async () => testing.ask('/mine', { method: 'PUT', body }));
    await expect.poll(() => waiting.length).toBe(3);
    for (const response of waiting) response.writeHead(201).end('{"ok":true}');
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual([201, 201, 201]);
    await expect.poll(() => testing.held()).toEqual([]);
    expect(await bytesHeld(testing)).toBe(0);
  });
});

describe('long answers', () => {
  const never = async (): Promise<never> => new Promise(() => undefined);
  const soon = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('that wait for each other leave their places to short ones, and some to other clients', async () => {
    const turns = new AnswerTurns(8, 0);
    const gone = new AbortController();
    const begun: string[] = [];
    const long = async (client: string): Promise<unknown> =>
      turns.run(
        async ({ alone }) => {
          await alone();
          begun.push(client);
          await never();
        },
        { client, gone: gone.signal },
      );
    const refused: unknown[] = [];
    for (const client of ['a', 'a', 'a', 'a', 'a', 'b', 'b'])
      long(client).catch((error: unknown) => refused.push(error));
    await soon();
    expect(begun).toEqual(['a']);
    expect(refused).toMatchObject(Array.from({ length: 2 }, () => ({ status: 503 })));
    // Nobody would wait for a place.
    const short = Array.from({ length: 8 }, async (_, i) => turns.run(soon, { client: `${i}` }));
    await Promise.all(short);
    gone.abort(new Error('gone'));
    await soon();
    // The one that has begun is ended by its own signal.
    expect(refused.slice(2).map(String)).toEqual(Array(4).fill('Error: gone'));
  });

  it('begin when the one before has ended, also with a failure', async () => {
    const turns = new AnswerTurns(8, 0);
    const order: string[] = [];
    const long = async (name: string, fails: boolean): Promise<void> =>
      turns.run(
        async ({ alone }) => {
          await alone();
          // Once more, as for what is long in two ways.
          await alone();
          order.push(name);
          await soon();
          if (fails) throw new Error(name);
        },
        { client: name },
      );
    const all = [long('a', true), long('b', false), long('c', false)];
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(order).toEqual(['a', 'b', 'c']);
  });
});
