/** A Go module proxy on the loopback address, with a log of what was asked. It serves only what a test published. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { escapePath } from '../../../packages/guard/src/fetch/go/module-path.ts';
import { putFile } from '../put-file.ts';
import { moduleFiles, moduleZip } from './module-zip.ts';

export interface Published {
  /** `module@version`. */
  readonly module: string;
  /** A clean module unless given. */
  readonly zip?: Uint8Array;
  /** Files of a module that is clean otherwise. */
  readonly files?: Readonly<Record<string, string>>;
  readonly mod?: string;
}

export interface ProxyOptions {
  /** Refuses requests without it, with 401. */
  readonly authorization?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Answers instead, where it returns something. */
  readonly instead?: (path: string, request: IncomingMessage) => Reply | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface GoProxy {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly asked: string[];
  readonly files: Map<string, string | Uint8Array>;
  publish(...modules: readonly Published[]): void;
  close(): Promise<void>;
}

export async function startGoProxy(options: ProxyOptions = {}): Promise<GoProxy> {
  const files = new Map<string, string | Uint8Array>();
  const asked: string[] = [];
  const listen: RequestListener = (request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    asked.push(path);
    const { status, headers, body } = answer(path, request);
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
    response.end(body);
  };
  function answer(path: string, request: IncomingMessage): Reply {
    const { authorization } = options;
    if (authorization !== undefined && request.headers.authorization !== authorization)
      return { status: 401, body: 'who are you?\n' };
    const own = options.instead?.(path, request);
    if (own !== undefined) return own;
    const body = files.get(path);
    return body === undefined ? { status: 404, body: 'not found\n' } : { status: 200, body };
  }
  const server =
    options.tls === undefined ? createServer(listen) : createTlsServer(options.tls, listen);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked,
    files,
    publish: (...modules) => modules.forEach((one) => publishInto(files, one)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The files that a proxy has of a module, by path. */
export function publishInto(
  files: Map<string, string | Uint8Array>,
  { module, files: own, zip = moduleZip({ module, ...(own && { files: own }) }), mod }: Published,
): void {
  const at = module.lastIndexOf('@');
  const [path, version] = [module.slice(0, at), module.slice(at + 1)];
  const base = `/${escapePath(path)}/@v`;
  const info = JSON.stringify({ Version: version, Time: '2020-01-01T00:00:00Z' });
  files.set(`${base}/list`, `${String(files.get(`${base}/list`) ?? '')}${version}\n`);
  files.set(`/${escapePath(path)}/@latest`, info);
  files.set(`${base}/${escapePath(version)}.info`, info);
  files.set(`${base}/${escapePath(version)}.mod`, mod ?? moduleFiles(path)['go.mod']!);
  files.set(`${base}/${escapePath(version)}.zip`, zip);
}

/** The files of a proxy in a folder; the address of the same proxy on disk. */
export function fileProxy({ files }: GoProxy, root: string): string {
  const folder = join(root, 'file-proxy');
  for (const [path, body] of files) {
    putFile(join(folder, path), body);
  }
  return pathToFileURL(folder).href;
}
