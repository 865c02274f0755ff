/*
 * A registry as a process of its own: what a list of files names, and packages `large-N` of 40 MB, each of other bytes, made when they are
 * asked for. All of it has other names as well, `again-N.name`, under which it is something else; and below `/copy-N` each tarball has other bytes, with the same
 * in it. Its arguments: the list. It says its port, and then, for each line that it is sent, how many tarballs it has sent.
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
  const asked = decodeURIComponent(request.url ?? '/');
  const whole = asked.replaceAll(/again-\d+\./g, '');
  const [prefix, copy] = /^\/copy-(\d+)(?=\/)/.exec(whole) ?? ['', undefined];
  const path = whole.slice(prefix.length);
  const file = files.get(path) ?? large(path);
  if (file !== undefined) {
    sent += 1;
    const bytes = copy === undefined ? file() : copied(file(), Number(copy));
    const type = { 'content-type': 'application/octet-stream' };
    response.writeHead(200, { ...type, 'content-length': bytes.length }).end(bytes);
    return;
  }
  sendDocument(asked.slice(1), request, response);
});

/** With another time in the header of gzip. */
function copied(bytes: Buffer, number: number): Buffer {
  const own = Buffer.from(bytes);
  own.writeUInt32LE(1 + number, 4);
  return own;
}

function large(path: string): (() => Buffer) | undefined {
  const name = /^\/(large-\d+)\/-\//.exec(path)?.[1];
  return name === undefined ? undefined : () => made(name);
}

/** Not packed: what is measured is who reads it. */
function made(name: string): Buffer {
  return tgz({ name, files: { 'a.bin': content } }, { level: 0 });
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
  const own =
    versions.get(name.replace(/again-\d+\./, '')) ??
    (/^large-\d+$/.test(name) ? new Map([['1.0.0', {}]]) : undefined);
  if (own === undefined) return undefined;
  const made = documentOf(name, own, (version) => addressOf(name, version));
  documents.set(name, made);
  return made;
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
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    versions.set(name, own.set(version, { integrity }));
  }
  console.log((server.address() as AddressInfo).port);
  createInterface({ input: process.stdin }).on('line', () => console.log(sent));
});
