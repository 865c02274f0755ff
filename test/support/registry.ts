/**
 * An npm registry on the loopback address, with a log of who asked for what. It serves only what a test published:
 * nothing is ever asked of another host.
 */
import { createHash } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { sendFault, type Fault } from './faults.ts';
import { tgz } from './pkg.ts';

export interface Publication {
  name: string;
  version?: string;
  /** The bytes served. A clean package of that name, version and manifest unless given. */
  tgz?: Uint8Array;
  /** Fields of the version's manifest besides name, version and dist: `dependencies`, `bin`, `scripts`, … */
  manifest?: Readonly<Record<string, unknown>>;
  /** SRI in `dist.integrity` where it should not be the right one; `null` leaves integrity and shasum out. */
  integrity?: string | null;
  /** URL in `dist.tarball` where it should be another. */
  tarball?: string;
  /** Dist-tag that moves to this version, `latest` unless given. */
  tag?: string;
}

export interface RegistryOptions {
  packages?: readonly Publication[];
  /** Ask for a bearer token, for every package or for those of one scope (`@scope`). */
  auth?: { token: string; scope?: string };
  /** Serve https. With `ca`, clients must show a certificate that it signed. */
  tls?: { key: string; cert: string; ca?: string };
  /** What it knows of vulnerable versions, by package. */
  advisories?: Readonly<Record<string, readonly object[]>>;
  /** Milliseconds before each answer. */
  delay?: number;
  /** Waits before an answer to this path, as sent. */
  hold?: (path: string) => Promise<void> | undefined;
  /** Answer with this status instead of the true one. Sees the decoded path. */
  intercept?: (path: string, method: string) => number | undefined;
  /** What goes wrong with a download. Sees the decoded path, and how often it was asked for before. */
  fault?: (path: string, before: number) => Fault | undefined;
}

export interface LogLine {
  method: string;
  /** As sent, not decoded. */
  path: string;
  headers: { accept?: string; authorization?: string; 'user-agent'?: string; host?: string };
  status: number;
}

export interface Registry {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly log: LogLine[];
  /** Adds a version, or replaces it. Returns where its tarball is. */
  publish(publication: Publication): string;
  /** Serves bytes as a plain file, as a tarball dependency by URL wants it. Returns the URL. */
  file(name: string, bytes: Uint8Array): string;
  /** Paths of the tarballs and files asked for, in order. */
  downloads(): string[];
  close(): Promise<void>;
}

interface Version {
  publication: Publication;
  manifest: Record<string, unknown>;
}

const PUBLISHED = '2020-01-01T00:00:00.000Z';
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];
const ABBREVIATED = 'application/vnd.npm.install-v1+json';
const ABBREVIATED_FIELDS = [
  'name',
  'version',
  'dependencies',
  'optionalDependencies',
  'devDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'bundleDependencies',
  'bundledDependencies',
  'bin',
  'directories',
  'engines',
  'os',
  'cpu',
  'libc',
  'dist',
  'deprecated',
  '_hasShrinkwrap',
  'hasInstallScript',
];

/** SRI of bytes, sha512. */
export function sri(bytes: Uint8Array): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const packages = new Map<string, Map<string, Version>>();
  const tags = new Map<string, Record<string, string>>();
  const files = new Map<string, Uint8Array>();
  const log: LogLine[] = [];

  const listener: RequestListener = (request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer(
          { ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: tls.ca !== undefined },
          listener,
        );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;

  function publish(publication: Publication): string {
    const { name, version = '1.0.0', tag = 'latest', integrity } = publication;
    const fields = { ...publication.manifest };
    const bytes = publication.tgz ?? tgz({ name, version, manifest: fields });
    const path = `/${name}/-/${name.replace(/^@[^/]*\//, '')}-${version}.tgz`;
    const dist: Record<string, unknown> = { tarball: publication.tarball ?? url + path };
    if (integrity !== null) {
      dist['integrity'] = integrity ?? sri(bytes);
      dist['shasum'] = createHash('sha1').update(bytes).digest('hex');
    }
    const scripts = Object.keys((fields['scripts'] ?? {}) as object);
    if (scripts.some((script) => INSTALL_SCRIPTS.includes(script)))
      fields['hasInstallScript'] = true;
    const versions = packages.get(name) ?? new Map<string, Version>();
    versions.set(version, { publication, manifest: { ...fields, name, version, dist } });
    packages.set(name, versions);
    tags.set(name, { ...tags.get(name), [tag]: version });
    files.set(path, bytes);
    return url + path;
  }

  function packument(name: string, abbreviated: boolean): Record<string, unknown> | undefined {
    const versions = packages.get(name);
    if (versions === undefined) return undefined;
    const manifests = [...versions].map(([version, { manifest }]): [string, object] => [
      version,
      abbreviated
        ? Object.fromEntries(
            ABBREVIATED_FIELDS.flatMap((key) => (key in manifest ? [[key, manifest[key]]] : [])),
          )
        : manifest,
    ]);
    const time = Object.fromEntries(
      ['created', 'modified', ...versions.keys()].map((key) => [key, PUBLISHED]),
    );
    const common = {
      name,
      'dist-tags': tags.get(name),
      versions: Object.fromEntries(manifests),
      time,
    };
    return abbreviated ? { ...common, modified: PUBLISHED } : { ...common, _id: name };
  }

  function permitted(path: string, authorization: string | undefined): boolean {
    const { auth } = options;
    if (auth === undefined || path.startsWith('/-/')) return true;
    if (auth.scope !== undefined && !path.startsWith(`/${auth.scope}/`)) return true;
    return authorization === `Bearer ${auth.token}`;
  }

  function route(
    method: string,
    path: string,
    accept: string,
  ): [status: number, body: Uint8Array | object] {
    if (method === 'POST')
      return path.startsWith('/-/npm/v1/security/')
        ? [200, options.advisories ?? {}]
        : [404, { error: 'not found' }];
    const file = files.get(path);
    if (file !== undefined) return [200, file];
    if (path === '/-/ping' || path === '/') return [200, {}];
    const tagged = /^\/-\/package\/(.+)\/dist-tags$/.exec(path)?.[1];
    if (tagged !== undefined && tags.has(tagged)) return [200, tags.get(tagged) ?? {}];
    const [, name = '', version] = /^\/((?:@[^/]+\/)?[^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
    const found =
      version === undefined
        ? packument(name, accept.includes(ABBREVIATED))
        : packages.get(name)?.get(tags.get(name)?.[version] ?? version)?.manifest;
    return found === undefined ? [404, { error: 'not found' }] : [200, found];
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    if (options.delay !== undefined) await wait(options.delay);
    const { method = 'GET', url: sent = '/', headers } = request;
    await options.hold?.(sent);
    const path = decodeURIComponent(sent.replace(/\?.*$/s, ''));
    let [status, body] = route(method, path, headers.accept ?? '');
    if (!permitted(path, headers.authorization))
      [status, body] = [401, { error: 'authentication needed' }];
    const forced = options.intercept?.(path, method);
    if (forced !== undefined) [status, body] = [forced, { error: 'as the test asked' }];
    const kept = Object.fromEntries(
      (['accept', 'authorization', 'user-agent', 'host'] as const).flatMap((key) =>
        headers[key] === undefined ? [] : [[key, headers[key]]],
      ),
    );
    const before = log.filter((line) => line.method === method && line.path === sent).length;
    log.push({ method, path: sent, headers: kept, status });
    const wrong = method === 'GET' && body instanceof Uint8Array && options.fault?.(path, before);
    if (wrong) return sendFault(wrong, body as Uint8Array, response);
    const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
    const type =
      body instanceof Uint8Array
        ? 'application/octet-stream'
        : headers.accept?.includes(ABBREVIATED) === true
          ? ABBREVIATED
          : 'application/json';
    response.writeHead(status, { 'content-type': type, 'content-length': bytes.length });
    response.end(method === 'HEAD' ? undefined : bytes);
  }

  for (const one of options.packages ?? []) publish(one);
  return {
    url,
    port,
    log,
    publish,
    file(name, bytes) {
      files.set(`/-/files/${name}`, bytes);
      return `${url}/-/files/${name}`;
    },
    downloads: () =>
      log.map((line) => decodeURIComponent(line.path)).filter((path) => files.has(path)),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
