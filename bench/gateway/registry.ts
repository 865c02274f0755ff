/*
 * A registry as a process of its own: the files that a list names, and packages `small-N` and `large-N` of 40 MB, each of other bytes, made when they are
 * asked for. Below `/copy-N` each tarball has other bytes, with the same files in it. Its argument: the list. It says its port, and then, for each line
 * that it is sent, how many tarballs it has sent.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

import { tgz } from '../../test/support/pkg.ts';
import { documentOf, LARGE_DOCUMENT, type Dist, type Document } from './documents.ts';

export interface Served {
  readonly name: string;
  readonly version: string;
  readonly file: string;
}

const LARGE_BYTES = 40 * 1024 * 1024;
const ABBREVIATED = 'application/vnd.npm.install-v1+json';

const content = randomBytes(LARGE_BYTES);
const files = new Map<string, () => Buffer>();
const versions = new Map<string, Map<string, Dist>>();
const documents = new Map<string, Document>();
let sent = 0;

const server = createServer((request, response) => {
  const whole = decodeURIComponent(request.url ?? '/');
  const [prefix, copy] = /^\/copy-(\d+)(?=\/)/.exec(whole) ?? ['', undefined];
  const path = whole.slice(prefix.length);
  const file = files.get(path) ?? made(path);
  if (file !== undefined) {
    sent += 1;
    const bytes = copy === undefined ? file() : copied(file(), Number(copy));
    const type = { 'content-type': 'application/octet-stream' };
    response.writeHead(200, { ...type, 'content-length': bytes.length }).end(bytes);
    return;
  }
  sendDocument(path.slice(1), request, response);
});

/** With another time in the header of gzip. */
function copied(bytes: Buffer, number: number): Buffer {
  const own = Buffer.from(bytes);
  own.writeUInt32LE(1 + number, 4);
  return own;
}

function made(path: string): (() => Buffer) | undefined {
  const [, name, kind] = /^\/((small|large)-\d+)\/-\//.exec(path) ?? [];
  if (name === undefined) return undefined;
  return kind === 'small' ? () => small(name) : () => large(name);
}

/** Not packed: the benchmark measures the server that reads it. */
function large(name: string): Buffer {
  return tgz({ name, files: { 'a.bin': content } }, { level: 0 });
}

const smalls = new Map<string, Buffer>();

/** A package of the usual size, with a name of its own in it. */
function small(name: string): Buffer {
  const known = smalls.get(name);
  if (known !== undefined) return known;
  const files = Array.from({ length: 12 }, (_, at) => {
    const bytes = content.subarray(at * 1500, at * 1500 + 300);
    return [`lib/file-${at}.js`, `// ${bytes.toString('hex')}\n${'export {};\n'.repeat(150)}`];
  });
  const bytes = tgz({ name, files: Object.fromEntries(files) as Record<string, string> });
  smalls.set(name, bytes);
  return bytes;
}

function sendDocument(name: string, request: IncomingMessage, response: ServerResponse): void {
  const document = documentNamed(name);
  if (document === undefined) {
    response.writeHead(404).end('{}');
    return;
  }
  const { accept = '', 'accept-encoding': encoding = '', 'if-none-match': had } = request.headers;
  const isShort = accept.includes(ABBREVIATED);
  const { plain, gzipped, etag } = isShort ? document.abbreviated : document.whole;
  const headers = { etag, vary: 'accept, accept-encoding', 'cache-control': 'public, max-age=300' };
  if (had === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const isPacked = encoding.includes('gzip');
  const body = isPacked ? gzipped : plain;
  response.writeHead(200, {
    ...headers,
    'content-type': isShort ? ABBREVIATED : 'application/json',
    'content-length': body.length,
    ...(isPacked && { 'content-encoding': 'gzip' }),
  });
  response.end(body);
}

function documentNamed(name: string): Document | undefined {
  const known = documents.get(name);
  if (known !== undefined) return known;
  const own = versions.get(name) ?? madeVersions(name);
  if (own === undefined) return undefined;
  const document = documentOf(name, own, (version) => addressOf(name, version));
  documents.set(name, document);
  return document;
}

function madeVersions(name: string): ReadonlyMap<string, Dist> | undefined {
  if (/^small-\d+$/.test(name))
    return new Map([['1.0.0', { integrity: integrityOf(small(name)) }]]);
  return /^large-\d+$/.test(name) ? new Map([['1.0.0', {}]]) : undefined;
}

function integrityOf(bytes: Buffer): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

function addressOf(name: string, version: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}${pathOf(name, version)}`;
}

function pathOf(name: string, version: string): string {
  return `/${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const list = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Served[];
  versions.set(LARGE_DOCUMENT, new Map());
  for (const { name, version, file } of list) {
    const bytes = readFileSync(file);
    files.set(pathOf(name, version), () => bytes);
    const own = versions.get(name) ?? new Map<string, Dist>();
    versions.set(name, own.set(version, { integrity: integrityOf(bytes) }));
  }
  console.log((server.address() as AddressInfo).port);
  createInterface({ input: process.stdin }).on('line', () => console.log(sent));
});
