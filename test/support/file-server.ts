/** Files on the loopback address, with a log of who asked for what. It serves only what a test puts there. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedFile {
  readonly body: Uint8Array | string;
  readonly type?: string;
}

export interface FileServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly files: Map<string, ServedFile>;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** The `authorization` headers that came, each once. */
  readonly credentials: Set<string>;
  /** Where it sends whoever asks for a path. */
  readonly redirects: Map<string, string>;
  close(): Promise<void>;
}

/** @param authorization Without which it answers 401. */
export async function startFileServer(authorization?: string): Promise<FileServer> {
  const files = new Map<string, ServedFile>();
  const redirects = new Map<string, string>();
  const asked: string[] = [];
  const credentials = new Set<string>();
  const server = createServer((request, response) => {
    request.resume();
    const path = decodeURIComponent(request.url ?? '/');
    asked.push(path);
    const given = request.headers.authorization;
    if (given !== undefined) credentials.add(given);
    const file = files.get(path);
    const to = redirects.get(path);
    if (authorization !== undefined && given !== authorization) response.writeHead(401).end();
    else if (to !== undefined) response.writeHead(302, { location: to }).end();
    else if (file === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, {
          'content-type': file.type ?? 'application/octet-stream',
          'content-length': Buffer.byteLength(file.body),
        })
        .end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    files,
    asked,
    credentials,
    redirects,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
