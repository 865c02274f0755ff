/** A simple index (PEP 503 and 691) on the loopback address, which serves what a test offers and asks nobody else. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dist } from './packages.ts';

export interface IndexOptions {
  readonly dists: readonly Dist[];
  /** What it answers with, whatever is asked for. */
  readonly only?: 'html' | 'json';
  /** Offer the metadata of wheels by itself (PEP 658). */
  readonly metadata?: boolean;
  /** Links that are relative, lead by a redirect, have no hash, or have a query. */
  readonly links?: 'relative' | 'redirected' | 'unhashed' | 'signed';
  readonly auth?: { readonly user: string; readonly password: string };
}

export interface SimpleIndex {
  /** Of the index, with `/simple/`. */
  readonly url: string;
  /** Without a slash at the end; with user and password, where it asks for them. */
  readonly origin: string;
  readonly log: string[];
  /** Where a file is. */
  readonly file: (dist: Dist) => string;
  close(): void;
}

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

export async function startIndex(options: IndexOptions): Promise<SimpleIndex> {
  const { dists, only, metadata = false, links, auth } = options;
  const log: string[] = [];
  let port = 0;
  const host = (): string => `http://127.0.0.1:${port}`;
  const folder = links === 'redirected' ? 'moved' : 'files';
  const base = (): string => (links === 'relative' ? '../../files' : `${host()}/${folder}`);
  const query = links === 'signed' ? '?sig=x' : '';
  const urlOf = ({ fileName, url }: Dist): string => url ?? `${base()}/${fileName}${query}`;
  const unhashed = ({ url }: Dist): boolean => links === 'unhashed' || url !== undefined;

  function page(project: string, asJson: boolean): string {
    const offered = dists.filter((one) => one.project === project);
    if (asJson) {
      const files = offered.map((one) => ({
        filename: one.fileName,
        url: urlOf(one),
        hashes: unhashed(one) ? {} : { sha256: sha256(one.bytes) },
        ...(one.requiresPython !== undefined && { 'requires-python': one.requiresPython }),
        ...(metadata &&
          one.metadata !== undefined && { 'core-metadata': { sha256: sha256(one.metadata) } }),
      }));
      return JSON.stringify({ meta: { 'api-version': '1.0' }, name: project, files });
    }
    const anchors = offered.map((one) => {
      const hash = unhashed(one) ? '' : `#sha256=${sha256(one.bytes)}`;
      const known =
        metadata && one.metadata !== undefined
          ? ` data-dist-info-metadata="sha256=${sha256(one.metadata)}"`
          : '';
      const python =
        one.requiresPython === undefined
          ? ''
          : ` data-requires-python="${one.requiresPython.replaceAll('>', '&gt;')}"`;
      return `<a href="${urlOf(one)}${hash}"${known}${python}>${one.fileName}</a>`;
    });
    return `<!DOCTYPE html><html><body>${anchors.join('\n')}</body></html>`;
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(request.url ?? '/', host());
    // pip puts the ending of metadata behind everything.
    const path = decodeURIComponent(pathname) + (search.endsWith('.metadata') ? '.metadata' : '');
    log.push(`${request.method} ${path}`);
    const wanted =
      auth && `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`;
    if (wanted !== undefined && request.headers.authorization !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="index"' }).end();
      return;
    }
    const [, kind, name = ''] = /^\/(simple|files|moved)\/([^/]*)\/?$/.exec(path) ?? [];
    if (kind === 'moved') {
      response.writeHead(302, { location: `${host()}/files/${name}` }).end();
    } else if (kind === 'simple' && name !== '') {
      const accept = request.headers.accept ?? '';
      const asJson = only === undefined ? accept.includes(JSON_TYPE) : only === 'json';
      const type = asJson ? JSON_TYPE : 'text/html; charset=utf-8';
      response.writeHead(200, { 'content-type': type }).end(page(name, asJson));
    } else {
      const served = dists.find(({ fileName }) => fileName === name)?.served;
      if (served !== undefined)
        response.setHeader('content-disposition', `attachment; filename="${served}"`);
      sendFile(request, response, contentOf(name));
    }
  }

  function contentOf(name: string): Buffer | undefined {
    const dist = dists.find(({ fileName }) => name === fileName || name === `${fileName}.metadata`);
    if (dist === undefined || name === dist.fileName) return dist?.bytes;
    return dist.metadata === undefined ? undefined : Buffer.from(dist.metadata);
  }

  const server = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  ({ port } = server.address() as AddressInfo);
  const user = auth === undefined ? '' : `${auth.user}:${auth.password}@`;
  const origin = `http://${user}127.0.0.1:${port}`;
  return {
    url: `${origin}/simple/`,
    origin,
    log,
    file: ({ fileName }) => `${origin}/${folder}/${fileName}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** With ranges, which pip asks for with `fast-deps`. pip may keep it in its cache. */
function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer | undefined,
): void {
  if (bytes === undefined) {
    response.writeHead(404).end();
    return;
  }
  const headers = {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': 'max-age=600',
  };
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (from === '' && to === '') {
    response.writeHead(200, { ...headers, 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes);
    return;
  }
  const start = from === '' ? Math.max(0, bytes.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes.length : Math.min(bytes.length, Number(to) + 1);
  response.writeHead(206, {
    ...headers,
    'content-range': `bytes ${start}-${end - 1}/${bytes.length}`,
    'content-length': end - start,
  });
  response.end(bytes.subarray(start, end));
}
