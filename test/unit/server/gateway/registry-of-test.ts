/* A registry that takes everything, and answers as a test says. */
import type { IncomingHttpHeaders } from 'node:http';
import { listening } from './support.ts';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RegistryOfTest {
  readonly url: string;
  readonly received: Received[];
  answer: { status: number; body: string; headers?: Record<string, string> };
}

export async function registryOfTest(): Promise<RegistryOfTest> {
  const received: Received[] = [];
  const { address } = await listening((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      const { method = '', url = '', headers } = request;
      // The gateway's own question; that of a client is passed on without it.
      if (url === '/base/-/whoami' && headers['accept-encoding'] !== undefined)
        return void response.end('{"username":"me"}');
      received.push({ method, path: url, headers, body: Buffer.concat(parts).toString() });
      const { status, headers: answered, body } = registry.answer;
      response.writeHead(status, answered).end(body);
    })();
  });
  const registry: RegistryOfTest = {
    url: `${address}/base`,
    received,
    answer: { status: 201, body: '{"ok":true}' },
  };
  return registry;
}
