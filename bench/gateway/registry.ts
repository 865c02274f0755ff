/*
 * A registry as a process of its own: what a list of files names, and packages `large-N` of 40 MB, each of other bytes, made when they are
 * asked for. All of it has other names as well, `again-N.name`, under which it is something else; and below `/copy-N` each tarball has other bytes, with the same
 * in it. Its arguments: the list. It says its port, and then, for each line that it is sent, how many tarballs it has sent.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

import { tgz } from '../../test/support/pkg.ts';

export interface Served {
  readonly name: string;
  readonly version: string;
  readonly file: string;
}

const LARGE_BYTES = 40 * 1024 * 1024;

const content = randomBytes(LARGE_BYTES);
const files = new Map<string, () => Buffer>();
const packuments = new Map<string, Record<string, { dist: object; name: string }>>();
let sent = 0;

const server = createServer((request, response) => {
  const whole = decodeURIComponent(request.url ?? '/').replaceAll(/again-\d+\./g, '');
  const [prefix, copy] = /^\/copy-(\d+)(?=\/)/.exec(whole) ?? ['', undefined];
  const path = whole.slice(prefix.length);
  const file = files.get(path) ?? large(path);
  if (file !== undefined) {
    sent += 1;
    const bytes = copy === undefined ? file() : copied(file(), Number(copy));
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    return;
  }
  document(path.slice(1), response);
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

function document(name: string, response: ServerResponse): void {
  const versions = packuments.get(name) ?? {};
  if (/^large-\d+$/.test(name)) versions['1.0.0'] = { name, ...distOf(name, '1.0.0') };
  response.end(JSON.stringify({ name, versions }));
}

function distOf(name: string, version: string, bytes?: Buffer): { dist: object; version: string } {
  const { port } = server.address() as AddressInfo;
  const tarball = `http://127.0.0.1:${port}${pathOf(name, version)}`;
  const integrity = bytes && `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  return { version, dist: { tarball, ...(integrity && { integrity }) } };
}

function pathOf(name: string, version: string): string {
  return `/${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
}

server.listen(0, '127.0.0.1', () => {
  const list = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Served[];
  for (const { name, version, file } of list) {
    const bytes = readFileSync(file);
    files.set(pathOf(name, version), () => bytes);
    const versions = packuments.get(name) ?? {};
    versions[version] = { name, ...distOf(name, version, bytes) };
    packuments.set(name, versions);
  }
  console.log((server.address() as AddressInfo).port);
  createInterface({ input: process.stdin }).on('line', () => console.log(sent));
});
