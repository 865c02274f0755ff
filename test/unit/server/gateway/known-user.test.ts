/* Publications of those whom the registry knows, while somebody whom it does not know sends much and slowly. */
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { tooMany } from '../../../../packages/server/src/gateway/answers.ts';
import { Turns } from '../../../../packages/server/src/serving/turns.ts';
import { bytesHeld, listening, startGateway, type Testing } from './support.ts';

let testing: Testing;
/** What the registry says of who asks. */
let whoami: { status: number; body: string };
let published: number;

beforeEach(async () => {
  published = 0;
  whoami = { status: 200, body: '{"username":"me"}' };
  const { address } = await listening((request, response) => {
    if (request.url === '/-/whoami') {
      const { status, body } = whoami;
      const isKnown = request.headers.authorization?.startsWith('Bearer me') === true;
      // As a registry may that is asked for gzip.
      const said = gzipSync(isKnown ? body : '{"error":"who?"}');
      response.writeHead(isKnown ? status : 401, { 'content-encoding': 'gzip' }).end(said);
      return;
    }
    published += 1;
    request.resume().once('end', () => response.writeHead(201).end('{"ok":true}'));
  });
  testing = await startGateway(address, { uploadBytes: 1_000_000 });
});

const heldBytes = async (): Promise<number> => bytesHeld(testing);

async function put(authorization?: string): Promise<number> {
  const headers = authorization === undefined ? {} : { authorization };
  const body = JSON.stringify({ name: 'mine', readme: 'x'.repeat(200_000) });
  return (await testing.ask('/mine', { method: 'PUT', headers, body })).status;
}

describe('uploads of strangers', () => {
  it('keep nobody from publishing whom the registry knows', async () => {
    const slow = testing.open('PUT /mine HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n');
    slow.write('x'.repeat(900_000));
    await expect.poll(heldBytes).toBe(900_000);
    expect(await put()).toBe(503);
    const before = published;
    expect(await put('Bearer somebody')).toBe(503);
    expect(published).toBe(before);
    expect(await put('Bearer me')).toBe(201);
    expect(published).toBe(before + 1);
    for (const [i, other] of [
      { status: 500, body: '{"username":"me"}' },
      { status: 200, body: '{}' },
      { status: 200, body: '{"username":"anonymous"}' },
      { status: 200, body: '[' },
    ].entries()) {
      whoami = other;
      expect(await put(`Bearer me-${i}`)).toBe(503);
    }
    slow.destroy();
    await once(slow, 'close');
    await expect.poll(heldBytes).toBe(0);
    expect(await put()).toBe(201);
    await expect.poll(() => testing.held()).toEqual([]);
  });
});

describe('turns', () => {
  it('are those of who is known first, who has waiting places of the own', async () => {
    const turns = new Turns({ places: 1, waitingMax: 1, tooMany });
    const order: string[] = [];
    let go = (): void => undefined;
    const first = turns.run(async () => new Promise<void>((resolve) => (go = resolve)));
    const as = async (name: string, isKnown: boolean): Promise<unknown> =>
      turns.run(async () => order.push(name), { isKnown });
    const stranger = as('stranger', false);
    await expect(as('another', false)).rejects.toThrow('too many others wait');
    const known = as('known', true);
    await expect(as('another', true)).rejects.toThrow('too many others wait');
    go();
    await Promise.all([first, stranger, known]);
    expect(order).toEqual(['known', 'stranger']);
  });
});
