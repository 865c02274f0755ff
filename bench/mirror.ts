/** A registry on the loopback address that asks the configured one once and answers from memory from then on. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Mirror {
  /** With a slash at the end. */
  readonly url: string;
  /** Distinct tarballs served so far. */
  tarballs(): number;
  close(): void;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** `upstream` has a slash at the end. */
export async function startMirror(upstream: string): Promise<Mirror> {
  const answers = new Map<string, Promise<Answer>>();
  let url = '';

  async function ask(path: string, accept: string): Promise<Answer> {
    const response = await fetch(new URL(path.slice(1), upstream), { headers: { accept } });
    const type = response.headers.get('content-type') ?? 'application/octet-stream';
    let body = Buffer.from(await response.arrayBuffer());
    if (/json/.test(type)) body = Buffer.from(body.toString('utf8').replaceAll(upstream, url));
    return { status: response.status, type, body };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '/', headers } = request;
    const accept = path.endsWith('.tgz') ? '*/*' : (headers.accept ?? '*/*');
    const key = `${accept} ${path}`;
    const known = answers.get(key) ?? ask(path, accept);
    answers.set(key, known);
    const { status, type, body } = await known;
    response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body);
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    tarballs: () => [...answers.keys()].filter((key) => key.endsWith('.tgz')).length,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
