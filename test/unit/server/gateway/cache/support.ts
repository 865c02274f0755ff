/* A registry that can be switched off, and gateways in front of it that share one cache. */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  openCache,
  type GatewayCache,
  type OpenCacheOptions,
} from '../../../../../packages/server/src/gateway/cache/open-cache.ts';
import type {
  GatewayOptions,
  RoutedRegistry,
} from '../../../../../packages/server/src/gateway/server.ts';
import { freshFolder } from '../../../../support/fresh-folder.ts';
import { sri } from '../../../../support/registry.ts';
import { closeWithTest, startGateway, type Testing } from '../support.ts';

export interface SwitchedRegistry {
  readonly url: string;
  /** What was asked for, in order: the path, and what was sent along. */
  readonly log: { readonly path: string; readonly headers: IncomingHttpHeaders; status: number }[];
  /** What it has, by path. A document has an entity tag. */
  readonly content: Map<string, Buffer | object>;
  /** Headers of all answers. */
  headers: Record<string, string>;
  /** Decides about a request before the registry does. Answers whether it did. */
  intercept: (path: string, response: ServerResponse, headers: IncomingHttpHeaders) => boolean;
  /** Adds a package of npm with one version. */
  publish(name: string, tarball: Buffer, version?: string): void;
  /** How often it was asked for a path. */
  times(path: string): number;
  /** Ends all connections, and refuses new ones. */
  off(): Promise<void>;
  /** Listens at the same address again. */
  on(): Promise<void>;
}

export async function switchedRegistry(): Promise<SwitchedRegistry> {
  const content: SwitchedRegistry['content'] = new Map();
  const log: SwitchedRegistry['log'] = [];
  const make = (): ReturnType<typeof createServer> =>
    createServer((request, response) => {
      const { url: path = '', headers } = request;
      const line = { path, headers, status: 0 };
      log.push(line);
      response.on('close', () => (line.status = response.statusCode));
      if (registry.intercept(path, response, headers)) return;
      const found = content.get(path);
      if (found === undefined) return void response.writeHead(404).end('{}');
      const body = found instanceof Buffer ? found : Buffer.from(JSON.stringify(found));
      const etag = `"${hash('sha256', body).slice(0, 16)}"`;
      const common = { etag, ...registry.headers };
      if (headers['if-none-match'] === etag) return void response.writeHead(304, common).end();
      response.writeHead(200, { ...common, 'content-length': body.length }).end(body);
    });
  let server = make();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const registry: SwitchedRegistry = {
    url,
    log,
    content,
    headers: {},
    intercept: () => false,
    publish(name, tarball, version = '1.0.0') {
      const path = `/${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
      content.set(path, tarball);
      const dist = { tarball: url + path, integrity: sri(tarball) };
      const before = content.get(documentPath(name)) as { versions: object } | undefined;
      const versions = { ...before?.versions, [version]: { name, version, dist } };
      content.set(documentPath(name), { name, 'dist-tags': { latest: version }, versions });
    },
    times: (path) => log.filter((line) => line.path === path).length,
    async off() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    async on() {
      server = make();
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
  closeWithTest(() => registry.off());
  return registry;
}

export function documentPath(name: string): string {
  return `/${name.replace('/', '%2f')}`;
}

export interface CachedGateway extends Testing {
  readonly cache: GatewayCache;
  /** What the cache reported. */
  readonly failures: unknown[];
}

export type CachedOptions = Partial<GatewayOptions & RoutedRegistry> & {
  readonly cached?: Partial<OpenCacheOptions>;
};

/** A gateway with a cache in a folder. */
export async function cachedGateway(
  upstream: string,
  folder: string,
  { cached = {}, ...options }: CachedOptions = {},
): Promise<CachedGateway> {
  const failures: unknown[] = [];
  const onError = (error: unknown): void => void failures.push(error);
  const cache = openCache({ storage: folder, env: {}, onError, ...cached });
  const testing = await startGateway(upstream, { cache, ...options });
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    closed ??= testing.close().then(async () => cache.close());
    await closed;
  };
  closeWithTest(close);
  return { ...testing, cache, failures, close };
}

export interface UsedGateway {
  /** The folder of the cache. */
  readonly folder: string;
  readonly registry: SwitchedRegistry;
  readonly testing: CachedGateway;
  /** Starts the next gateway on the same cache, after a test has closed the one before. */
  readonly start: (options?: CachedOptions) => Promise<void>;
  /** The same user's next gateway, with nothing in its memory. */
  readonly again: (options?: CachedOptions) => Promise<void>;
}

/** Before each test: a registry, to which `prepare` gives packages, and a gateway with an empty cache in front of it. */
export function useCachedGateway(prepare: (registry: SwitchedRegistry) => unknown): UsedGateway {
  let folder: string;
  let registry: SwitchedRegistry;
  let testing: CachedGateway;
  const start = async (options?: CachedOptions): Promise<void> => {
    testing = await cachedGateway(registry.url, folder, options);
  };
  freshFolder(async (fresh) => {
    folder = join(fresh, 'cache');
    registry = await switchedRegistry();
    await prepare(registry);
    await start();
  });
  return {
    get folder() {
      return folder;
    },
    get registry() {
      return registry;
    },
    get testing() {
      return testing;
    },
    start,
    async again(options) {
      await testing.close();
      await start(options);
    },
  };
}

/** The complete files of a cache, the largest first. */
export function filesIn(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('unfinished'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => statSync(b).size - statSync(a).size);
}

/** How often the cache had something, by kind and outcome. */
export async function outcomes(testing: Testing): Promise<Record<string, number>> {
  const metrics = (await testing.ask('/-/tarwarden/metrics')).body.toString();
  const lines = metrics.matchAll(/^tarwarden_cache_total\{kind="(\w+)",outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries(
    [...lines].map(([, kind, outcome, count]) => [`${kind} ${outcome}`, Number(count)]),
  );
}

export const bearer = (token: string): { headers: { authorization: string } } => ({
  headers: { authorization: `Bearer ${token}` },
});
