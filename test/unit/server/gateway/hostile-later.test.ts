/* Registries that are honest once, and send other bytes from then on: no byte of these arrives at any face, however long they are. */
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Ecosystem } from '@tarwarden/core';
import { makeGem } from '../../../support/gem/gems.ts';
import { goEntry, moduleFiles, moduleZip } from '../../../support/go/module-zip.ts';
import { sdistOf, wheelOf } from '../../../support/pip/packages.ts';
import { tgz } from '../../../support/pkg.ts';
import { listening, startGateway, type Testing } from './support.ts';

const KB = 1024;
const SIZES = [1, 50, 300, 2_000];

let address: string;
let testing: Testing;
/** What the registry sends for the archive. */
let archive: (request: IncomingMessage, response: ServerResponse) => void;
let pages: Map<string, string>;
let asked: string[];
beforeEach(async () => {
  pages = new Map();
  asked = [];
  ({ address } = await listening((request, response) => {
    const page = pages.get(request.url!);
    asked.push(request.url!);
    if (page === undefined) return archive(request, response);
    const type = page.startsWith('{') ? 'application/json' : 'text/html';
    return void response.writeHead(200, { 'content-type': type }).end(page);
  }));
});

const digest = (algorithm: string, bytes: Uint8Array): Buffer =>
  createHash(algorithm).update(bytes).digest();

/** Everything that comes on a connection. */
async function rawly(target: string, ...headers: string[]): Promise<Buffer> {
  const socket = connect(Number(new URL(testing.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  const lines = [`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const parts: Buffer[] = [];
  for await (const part of socket as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

async function whole(target: string, bytes: Buffer): Promise<{ status: number; same: boolean }> {
  const { status, body } = await testing.ask(target);
  return { status, same: body.equals(bytes) };
}

interface Subject {
  readonly ecosystem: Ecosystem;
  readonly target: string;
  readonly bytes: Buffer;
}

const SUBJECTS: Readonly<Record<string, (size: number) => Subject>> = {
  'an npm tarball': (size) => {
    const bytes = tgz({ name: 'clean', files: { 'a.bin': randomBytes(size) } }, { level: 0 });
    const dist = {
      tarball: `${address}/clean/-/clean-1.0.0.tgz`,
      integrity: `sha512-${digest('sha512', bytes).toString('base64')}`,
    };
    const versions = { '1.0.0': { name: 'clean', version: '1.0.0', dist } };
    pages.set('/clean', JSON.stringify({ name: 'clean', versions }));
    return { ecosystem: 'npm', target: '/clean/-/clean-1.0.0.tgz', bytes };
  },
  'a wheel': (size) => pythonFile(wheelOf({ name: 'clean', padding: size })),
  'an sdist': (size) => pythonFile(sdistOf({ name: 'clean', padding: size })),
};

function pythonFile({ fileName, bytes }: { fileName: string; bytes: Buffer }): Subject {
  const sha256 = digest('sha256', bytes).toString('hex');
  pages.set('/clean/', `<a href="/${fileName}#sha256=${sha256}">${fileName}</a>`);
  return { ecosystem: 'pypi', target: `/files/clean/${fileName}`, bytes };
}

/** Ways to send bytes that are not those which were accepted. */
const SENDS: Readonly<Record<string, (good: Buffer, response: ServerResponse) => void>> = {
  'all of it in one part, then one byte more'(good, response) {
    response.writeHead(200, { 'content-length': good.length + 1 });
    response.write(good, () => setTimeout(() => response.end('x'), 20));
  },
  'another file, then one byte'(good, response) {
    const other = randomBytes(good.length);
    response.writeHead(200, { 'content-length': good.length });
    response.write(other.subarray(0, -1), () => setTimeout(() => response.end('x'), 20));
  },
  'another file without a length'(good, response) {
    response.writeHead(200);
    response.write(randomBytes(good.length), () => setTimeout(() => response.end('x'), 20));
  },
  'the file with one other byte'(good, response) {
    const other = Buffer.from(good);
    other[other.length >> 1]! ^= 1;
    response.writeHead(200, { 'content-length': other.length }).end(other);
  },
  nothing(_good, response) {
    response.writeHead(200, { 'content-length': 0 }).end();
  },
  'all but the last byte'(good, response) {
    response.writeHead(200, { 'content-length': good.length });
    response.write(good.subarray(0, -1), () => setTimeout(() => response.destroy(), 20));
  },
  'a part that was not asked for'(good, response) {
    const range = `bytes 0-${good.length - 2}/${good.length}`;
    response.writeHead(206, { 'content-range': range }).end(good.subarray(0, -1));
  },
  'that nothing is new'(_good, response) {
    response.writeHead(304, { etag: '"x"' }).end();
  },
  'the way to another file'(good, response) {
    if (response.req.url === '/other')
      return void response.writeHead(200).end(randomBytes(good.length));
    return void response.writeHead(302, { location: '/other' }).end();
  },
};

describe.each(Object.entries(SUBJECTS))('%s that has a verdict', (_, make) => {
  it.each(SIZES)('of %i kB: not a byte of other bytes arrives', async (kilobytes) => {
    const { ecosystem, target, bytes } = make(kilobytes * KB);
    testing = await startGateway(address, { ecosystem });
    const honest: typeof archive = (_request, response) =>
      void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    archive = honest;
    expect(await whole(target, bytes)).toEqual({ status: 200, same: true });
    for (const [way, send] of Object.entries(SENDS)) {
      archive = (_request, response) => send(bytes, response);
      const got = await rawly(target, ...(way.includes('part') ? ['Range: bytes=0-99'] : []));
      const head = got.subarray(0, got.indexOf('\r\n\r\n')).toString('latin1');
      const status = expect.stringMatching(/^HTTP\/1\.1 502 /) as string;
      expect({ way, head }).toEqual({ way, head: status });
      expect(head).not.toMatch(/etag|content-range|accept-ranges|location/i);
      // An error in words, and nothing else.
      expect(got.length - head.length).toBeLessThan(500);
      archive = honest;
      expect({ way, ...(await whole(target, bytes)) }).toEqual({ way, status: 200, same: true });
    }
    await expect.poll(() => testing.held()).toEqual([]);
    expect(testing.inspected.count).toBe(1);
  });
});

describe('an archive of which nothing is promised', () => {
  it.each([
    ['a gem', 'rubygems', '/gems/clean-1.0.0.gem', gems],
    ['a zip of go', 'go', '/example.org/clean/@v/v1.0.0.zip', zips],
  ] as const)('%s is inspected anew where it has changed, and that is said', async (...row) => {
    const [, ecosystem, target, make] = row;
    const { clean, changed, hostile } = make();
    testing = await startGateway(address, { ecosystem });
    const statuses: number[] = [];
    for (const bytes of [clean, hostile, changed, changed, clean]) {
      archive = (_request, response) => void response.end(bytes);
      const { status, body } = await testing.ask(target);
      statuses.push(status);
      expect(status === 200 ? body.equals(bytes) : body.length < 2_000).toBe(true);
    }
    expect(statuses).toEqual([200, 403, 200, 200, 200]);
    expect(await counted('changed')).toBe(2);
    expect(said('before')).toHaveLength(2);
  });
});

describe('a registry that keeps sending other bytes', () => {
  it('is counted each time, logged once, and not asked again for a minute', async () => {
    const { target, bytes } = SUBJECTS['an npm tarball']!(50 * KB);
    testing = await startGateway(address);
    archive = (_request, response) => void response.end(bytes);
    expect(await testing.ask(target)).toMatchObject({ status: 200 });
    archive = (_request, response) => void response.end(randomBytes(bytes.length));
    for (let i = 0; i < 5; i += 1) {
      const { status, body } = await testing.ask(target);
      expect(status).toBe(502);
      expect(body.toString()).toContain('clean@1.0.0');
    }
    expect(asked.filter((path) => path === target)).toHaveLength(3);
    expect(await counted('promised')).toBe(2);
    expect(said('promises')).toEqual([
      expect.objectContaining({ archive: 'clean@1.0.0', level: 50, mismatch: 'promised' }),
    ]);
    // Another user may get other bytes from it, and is not refused for that.
    archive = (_request, response) => void response.end(bytes);
    const other = { headers: { authorization: 'Bearer other' } };
    expect((await testing.ask(target, other)).body.equals(bytes)).toBe(true);
  });

  it('is asked for the archive again when its document promises other bytes', async () => {
    const { target, bytes } = SUBJECTS['an npm tarball']!(1 * KB);
    testing = await startGateway(address);
    const later = tgz({ name: 'clean', files: { 'later.txt': 'x' } });
    archive = (_request, response) => void response.end(bytes);
    expect(await testing.ask(target)).toMatchObject({ status: 200 });
    archive = (_request, response) => void response.end(later);
    for (let i = 0; i < 3; i += 1) expect(await testing.ask(target)).toMatchObject({ status: 502 });
    const integrity = `sha512-${digest('sha512', later).toString('base64')}`;
    const dist = { tarball: `${address}${target}`, integrity };
    const versions = { '1.0.0': { name: 'clean', version: '1.0.0', dist } };
    pages.set('/clean', JSON.stringify({ name: 'clean', versions }));
    expect(await testing.ask(target)).toMatchObject({ status: 200, body: later });
  });
});

interface Three {
  readonly clean: Buffer;
  readonly changed: Buffer;
  readonly hostile: Buffer;
}

function gems(): Three {
  const [clean, changed] = ['one', 'two'].map(
    (text) => makeGem({ name: 'clean', files: { 'lib/clean.rb': `# ${text}\n` } }).bytes,
  );
  return {
    clean: clean!,
    changed: changed!,
    hostile: makeGem({ name: 'clean', hostile: true }).bytes,
  };
}

function zips(): Three {
  const module = 'example.org/clean@v1.0.0';
  const [clean, changed] = ['one', 'two'].map((word) =>
    moduleZip({ module, files: moduleFiles('example.org/clean', word) }),
  );
  const link = goEntry(`${module}/x`, '../out', { madeBy: 3, mode: 0o120777 });
  return { clean: clean!, changed: changed!, hostile: moduleZip({ module, entries: [link] }) };
}

async function counted(kind: string): Promise<number> {
  const metrics = (await testing.ask('/-/tarwarden/metrics')).body.toString();
  const line = new RegExp(`^tarwarden_mismatches_total\\{kind="${kind}"\\} (\\d+)$`, 'm');
  return Number(line.exec(metrics)?.[1] ?? 0);
}

const said = (word: string): object[] =>
  testing.log.filter(
    ({ msg, level }) =>
      Number(level) >= 40 &&
      new RegExp(`other bytes .*${word}`).test(String(msg)) &&
      !/tarwarden:/.test(String(msg)),
  );
