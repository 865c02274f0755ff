/* Whether who writes an answer is told that its client reads slowly, whatever counts the bytes in between. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { keepBackpressure } from '../../../../packages/server/src/verdaccio/backpressure.ts';

const PART = Buffer.alloc(64 * 1024);
const PARTS = 1024;

/** As verdaccio's log does it. */
function countBytes(response: ServerResponse): { bytes: number } {
  const counted = { bytes: 0 };
  const write = Reflect.get(response, 'write') as unknown as () => void;
  response.write = function (...args: [Buffer]) {
    counted.bytes += args[0].length;
    Reflect.apply(write, response, args);
  } as never;
  return counted;
}

interface Sent {
  read: number;
  counted: { bytes: number };
}

async function sentTo(
  prepare: (response: ServerResponse) => { bytes: number },
): Promise<{ readonly answer: IncomingMessage; readonly sent: Sent; close: () => void }> {
  const sent: Sent = { read: 0, counted: { bytes: 0 } };
  const server = createServer((_, response) => {
    sent.counted = prepare(response);
    const source = function* (): Generator<Buffer> {
      for (; sent.read < PARTS; sent.read += 1) yield PART;
    };
    Readable.from(source(), { highWaterMark: 1 }).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const asking = request({ port, agent: false });
  asking.end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return { answer, sent, close: () => server.close() };
}

describe('an answer whose bytes are counted', () => {
  it.each([
    [
      'later',
      (response: ServerResponse) => {
        keepBackpressure(response);
        return countBytes(response);
      },
    ],
    [
      'before',
      (response: ServerResponse) => {
        const counted = countBytes(response);
        keepBackpressure(response);
        return counted;
      },
    ],
  ])('%s waits for a client that does not read, and is whole', async (_, prepare) => {
    const { answer, sent, close } = await sentTo(prepare);
    let before = -1;
    await expect
      .poll(
        () => {
          const isSame = sent.read === before;
          before = sent.read;
          return isSame;
        },
        { interval: 100 },
      )
      .toBe(true);
    expect(sent.read).toBeLessThan(PARTS);
    let bytes = 0;
    for await (const part of answer as AsyncIterable<Buffer>) bytes += part.length;
    expect(bytes).toBe(PARTS * PART.length);
    expect(sent.counted.bytes).toBe(bytes);
    close();
  });
});
