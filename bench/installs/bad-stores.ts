/* Stores of verdicts that are of no use: an install goes on without them, and this is what they cost it. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `down` refuses the connection, `slow` takes it and never answers, `lying` answers with a page, `withholding` with no verdict. */
export type BadStore = 'down' | 'slow' | 'lying' | 'withholding';

export interface BadStores {
  readonly urls: Readonly<Record<BadStore, string>>;
  close(): void;
}

const LISTENERS: Readonly<Record<BadStore, RequestListener>> = {
  down: () => undefined,
  slow: () => undefined,
  lying: (_, response) => void response.end('<!doctype html><title>Welcome</title>\n'),
  withholding: (_, response) => void response.end(),
};

export async function badStores(): Promise<BadStores> {
  const servers: Server[] = [];
  const urls: Partial<Record<BadStore, string>> = {};
  for (const kind of Object.keys(LISTENERS) as BadStore[]) {
    const server = createServer(LISTENERS[kind]).listen(0, '127.0.0.1');
    await once(server, 'listening');
    urls[kind] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    if (kind === 'down') server.close();
    else servers.push(server);
  }
  return {
    urls: urls as Record<BadStore, string>,
    close() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}
