/*
 * A registry as a process of its own, for a gateway that is attacked: `quick-N` with a small archive each, `cold-N` with other bytes for
 * each name, `huge` with a document of 111 MB, `long-N` with one of 4 MB, `odd-N` with an encoding that nobody asked for, and `hang-N`,
 * which never answers. It never answers publications either. It says its port.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { tgz } from '../../test/support/pkg.ts';

/** Milliseconds from the gateway to the registry and back. Registries of the internet are further away. */
const AWAY = 10;
const HUGE_BYTES = 111e6;
const LONG_BYTES = 4e6;
const ENCODINGS = ['br', 'x-gzip', '', 'deflate', 'gzip, gzip', 'zstd', 'compress', 'gzip;q=1'];

const archives = new Map<string, Buffer>();
const huge = documentOf('huge', HUGE_BYTES);
const long = documentOf('long', LONG_BYTES);

const server = createServer(
  (request, response) => void setTimeout(() => answer(request, response), AWAY),
);

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent(request.url ?? '/').slice(1);
  const [name = '', dash] = path.split('/');
  if (request.method === 'PUT' || /^hang-\d+$/.test(name)) return void request.resume();
  if (dash === '-') return void response.end(archiveOf(name));
  if (name === 'huge') return void response.end(huge);
  if (/^long-\d+$/.test(name)) return void response.end(long);
  if (/^odd-\d+$/.test(name)) return odd(Number(name.slice('odd-'.length)), response);
  if (/^(?:quick|cold)-\d+$/.test(name)) return void response.end(JSON.stringify(packument(name)));
  return void response.writeHead(404).end('{}');
}

function archiveOf(name: string): Buffer {
  const kept = archives.get(name);
  if (kept !== undefined) return kept;
  const made = tgz({ name, files: { 'index.js': `// ${name}\n${'x'.repeat(20_000)}\n` } });
  archives.set(name, made);
  return made;
}

function packument(name: string): object {
  const { port } = server.address() as AddressInfo;
  const tarball = `http://127.0.0.1:${port}/${name}/-/${name}-1.0.0.tgz`;
  const integrity = `sha512-${createHash('sha512').update(archiveOf(name)).digest('base64')}`;
  const manifest = { name, version: '1.0.0', dist: { tarball, integrity } };
  return { name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': manifest } };
}

/** Many versions with long manifests, as documents are. */
function documentOf(name: string, bytes: number): Buffer {
  const parts: string[] = [];
  let length = 0;
  for (let i = 0; length < bytes; i += 1) {
    const tarball = `http://127.0.0.1/${name}/-/${name}-1.0.${i}.tgz`;
    const dependencies = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [`dep-${n}`, '^1.0.0']),
    );
    const version = `1.0.${i}`;
    const text = JSON.stringify({
      name,
      version,
      description: 'x'.repeat(2_000),
      dependencies,
      dist: { tarball },
    });
    parts.push(`"${version}":${text}`);
    length += text.length;
  }
  return Buffer.from(`{"name":"${name}","versions":{${parts.join()}}}`);
}

function odd(number: number, response: ServerResponse): void {
  response.setHeader('content-encoding', ENCODINGS[number % ENCODINGS.length]!);
  response.end(long);
}

server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
