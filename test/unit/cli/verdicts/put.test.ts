/* Envelopes on their way to a store, which need not be honest. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { putAll } from '../../../../packages/cli/src/commands/verdicts/sign.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function storeThat(answers: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    answers(request, response);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const signed = Array.from({ length: 20 }, (_, index) => ({
  address: index.toString(16).padStart(64, '0'),
  envelope: `{"number":${index}}`,
}));

describe('putAll', () => {
  it('sends each envelope to its address', async () => {
    const got: string[] = [];
    const url = await storeThat(({ method = '', url: path = '' }, response) => {
      got.push(`${method} ${path}`);
      response.writeHead(201).end('stored\n');
    });
    await putAll(url, signed);
    expect(got.sort()).toEqual(signed.map(({ address }) => `PUT /v1/${address}`));
  });

  it.each([200, 403])('does not hear out a store whose answer %i has no end', async (status) => {
    const part = Buffer.alloc(64 * 1024, 'x');
    const url = await storeThat((_, response) => {
      response.writeHead(status);
      const more = (): void => {
        while (response.write(part));
        response.once('drain', more);
      };
      more();
    });
    await expect(putAll(url, signed)).rejects.toThrow('its answer is too long');
  });

  it('says what a store answered, in one line', async () => {
    const url = await storeThat((_, response) => {
      response.writeHead(403).end('no key that may store\n\u001B[31m');
    });
    await expect(putAll(url, signed)).rejects.toThrow(/it answered 403: no key that may store/);
    // oxlint-disable-next-line no-control-regex -- it is what would command a terminal
    await expect(putAll(url, signed)).rejects.not.toThrow(/\u001B/);
  });
});
