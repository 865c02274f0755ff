/* Anybody may ask, and take the answer as slowly as they like: what is in memory for all of them has a bound. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verdictServer } from '../../../../packages/server/src/verdict-server/server.ts';
import { signer, TODAY } from '../../../support/signed-verdicts.ts';

const ADDRESS = 'a'.repeat(64);
const PART = 'x'.repeat(1000);
let server: Server;
let port: number;
let sockets: Socket[];
/** Reads of the storage, each of which waits. */
let reads: ((envelopes: readonly string[]) => void)[];

beforeEach(async () => {
  const own: typeof reads = [];
  [sockets, reads] = [[], own];
  const storage = {
    label: 'test',
    get: () => new Promise<readonly string[]>((resolve) => void own.push(resolve)),
    put: async () => undefined,
    close: async () => undefined,
  };
  const onError = (error: unknown): void => console.error(error);
  server = verdictServer({ storage, keys: signer().pinned, today: () => TODAY, onError });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close().closeAllConnections();
});

function client(text: string): Socket {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  sockets.push(socket.on('error', () => undefined));
  return socket;
}

function question(addresses: readonly string[]): string {
  const body = JSON.stringify({ addresses });
  return `POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

const settled = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 100));
};

describe('a server of verdicts', () => {
  it('makes few answers at once, and lets the others wait for them', async () => {
    for (let count = 0; count < 30; count++) client(question([ADDRESS]));
    await vi.waitFor(() => expect(reads).toHaveLength(8));
    await settled();
    expect(reads).toHaveLength(8);
    reads[0]!([]);
    await vi.waitFor(() => expect(reads).toHaveLength(9));
  });

  it('has all of the room again once clients are gone', async () => {
    const gone = Array.from({ length: 20 }, () => client(question([ADDRESS])));
    await vi.waitFor(() => expect(reads).toHaveLength(8));
    for (const socket of gone) socket.destroy();
    await settled();
    // Of some of the others it was not known yet that they are gone.
    const before = reads.length;
    const [polite] = Array.from({ length: 8 }, () => client(question([ADDRESS])));
    await vi.waitFor(() => expect(reads).toHaveLength(before + 8));
    for (const answer of reads) answer([]);
    const [head] = (await once(polite!, 'data')) as [Buffer];
    expect(String(head)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('has one question of a connection at a time', async () => {
    const greedy = client(question([ADDRESS]).repeat(20));
    await once(greedy, 'close');
    expect(reads).toHaveLength(1);
  });

  it('reads no more once an answer is full', async () => {
    const addresses = Array.from({ length: 1000 }, (_, index) =>
      index.toString(16).padStart(64, '0'),
    );
    const envelope = JSON.stringify({
      payloadType: 'application/vnd.in-toto+json',
      payload: PART.repeat(900),
      signatures: [],
    });
    client(question(addresses)).pause();
    let count = 0;
    await vi.waitFor(() => expect(reads.length).toBeGreaterThan(0));
    while (reads.length > 0) {
      for (const answer of reads.splice(0)) {
        count += 1;
        answer([envelope]);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(count).toBeLessThan(16 + 1 + 2 * 32);
  });

  it('takes as many uploads at a time as there is room for, by the length that they announce', async () => {
    const put = (bytes: number): string =>
      `PUT /v1/${ADDRESS} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ${bytes}\r\n\r\n`;
    for (let count = 0; count < 127; count++) client(put(1024 * 1024));
    await settled();
    // Room for one that says it is small, beside all those that never send what they promise.
    const small = client(`${put(2)}{}`);
    let said = '';
    small.on('data', (part) => (said += String(part)));
    await vi.waitFor(() => expect(said).toContain('403'));
  });
});
