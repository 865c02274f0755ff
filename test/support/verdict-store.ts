import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A store that answers as a test says. */
export interface StoreOfTest {
  readonly url: string;
  /** Addresses of each question. */
  readonly questions: string[][];
  close(): void;
}

export async function storeOfTest(
  answer: (addresses: string[], response: ServerResponse) => void,
): Promise<StoreOfTest> {
  const questions: string[][] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as { addresses: string[] };
      questions.push(body.addresses);
      answer(body.addresses, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    questions,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Answers with these envelopes, whatever is asked. */
export const always =
  (...envelopes: readonly string[]) =>
  (_: string[], response: ServerResponse): void =>
    void response.end(envelopes.map((one) => `${one}\n`).join(''));
