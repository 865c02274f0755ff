/* A registry in the same process: behind a socket, with addresses of its own in its documents. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { entry, zeroBlock } from '../../../support/tar.ts';
import { clean, hostile, jsonOf, startGateway, type Testing } from './support.ts';

const PUBLIC = 'https://npm.example.com/prefix';

let folder: string;
let inner: Server;
let testing: Testing;
/** What the registry was asked for. */
let asked: { url: string; headers: IncomingHttpHeaders }[];
let tarballOf: (name: string, file: string) => unknown;
let text: Buffer | string;

function document(name: string): string {
  const file = `${name.replace(/^.*\//, '')}-1.0.0.tgz`;
  const dist = { tarball: tarballOf(name, file) };
  return JSON.stringify({ name, versions: { '1.0.0': { name, version: '1.0.0', dist } } });
}

freshFolder(async (made) => {
  folder = made;
  asked = [];
  text = 'hello';
  tarballOf = (name, file) => `${PUBLIC}/${name.replace('/', '%2f')}/-/${file}`;
  inner = createServer((request, response) => {
    const url = request.url!;
    asked.push({ url, headers: request.headers });
    if (url.startsWith('/-/')) return void response.end(text);
    if (url.includes('/-/')) return void response.end(url.includes('evil') ? hostile : clean);
    response.end(document(decodeURIComponent(url.slice(1))));
  });
  const socketPath = join(folder, 'socket');
  inner.listen(socketPath);
  await once(inner, 'listening');
  testing = await startGateway('http://localhost/', {
    embedded: { socketPath, passedOn: ['host', 'x-own'], api: /^own\/.+$/ },
  });
});
afterEach(async () => {
  await testing.close();
  inner.closeAllConnections();
  inner.close();
});

describe('a storage that changes once a tarball has a verdict', () => {
  it.each([
    ['to a hostile tarball', () => hostile],
    ['to a hostile tarball and a byte', () => Buffer.concat([hostile, Buffer.from('x')])],
    ['to the same tarball and a byte', () => Buffer.concat([clean, Buffer.from('x')])],
  ])('%s: no byte of it is sent', async (_, make) => {
    const integrity = `sha512-${createHash('sha512').update(clean).digest('base64')}`;
    let sent = clean;
    inner.removeAllListeners('request').on('request', (request, response) => {
      if (request.url!.includes('/-/')) return void response.end(sent);
      const dist = { tarball: tarballOf('clean', 'clean-1.0.0.tgz'), integrity };
      const versions = { '1.0.0': { name: 'clean', version: '1.0.0', dist } };
      return void response.end(JSON.stringify({ name: 'clean', versions }));
    });
    const target = '/clean/-/clean-1.0.0.tgz';
    expect((await testing.ask(target)).body.equals(clean)).toBe(true);
    sent = make();
    const { status, body } = await testing.ask(target);
    expect(status).toBe(502);
    expect(body.toString()).toMatch(/^\{"error":"tarwarden: the registry sends other bytes/);
  });
});

describe('documents', () => {
  const tarballIn = async (name: string): Promise<unknown> => {
    const { versions } = jsonOf(await testing.ask(`/${name}`)) as {
      versions: Record<string, { dist: { tarball?: string } }>;
    };
    return versions['1.0.0']?.dist.tarball;
  };

  it('have the address that the registry knows itself by', async () => {
    expect(await tarballIn('clean')).toBe(`${PUBLIC}/clean/-/clean-1.0.0.tgz`);
    expect(await tarballIn('@own%2fclean')).toBe(`${PUBLIC}/@own/clean/-/clean-1.0.0.tgz`);
  });

  it('name the file as versions are called, wherever it lies', async () => {
    tarballOf = () => `${PUBLIC}/clean/-/other.tar.gz`;
    expect(await tarballIn('clean')).toBe(`${PUBLIC}/clean/-/clean-1.0.0.tgz`);
    expect(await testing.ask('/clean/-/clean-1.0.0.tgz')).toMatchObject({ status: 200 });
    expect(asked.at(-1)!.url).toBe('/clean/-/other.tar.gz');
  });

  it.each([
    'https://elsewhere.example.com/clean-1.0.0.tgz',
    'https://elsewhere.example.com/other/-/clean-1.0.0.tgz',
    'ftp://x/clean/-/clean-1.0.0.tgz',
    'https://x/clean/-/a/b.tgz',
    'clean-1.0.0.tgz',
    7,
  ])('have none for what is at %j', async (tarball) => {
    tarballOf = () => tarball;
    expect(await tarballIn('clean')).toBeUndefined();
  });

  it('are not packed for the way through the socket', async () => {
    await testing.ask('/clean', { headers: { 'accept-encoding': 'gzip' } });
    expect(asked.at(-1)!.headers['accept-encoding']).toBe('identity');
  });
});

it('has what it has to have of a client, and nothing else', async () => {
  const headers = { host: 'npm.example.com', 'x-own': 'a', 'x-other': 'b', cookie: 'c' };
  await testing.ask('/clean', { headers });
  expect(asked.at(-1)!.headers).toMatchObject({ host: 'npm.example.com', 'x-own': 'a' });
  expect(asked.at(-1)!.headers).not.toHaveProperty('x-other');
  expect(asked.at(-1)!.headers).not.toHaveProperty('cookie');
});

it('is asked by a host, also for a client that names none', async () => {
  const socket = connect(Number(new URL(testing.url).port), '127.0.0.1');
  socket.end('GET /clean HTTP/1.1\r\nHost:\r\nX-Own:\r\nConnection: close\r\n\r\n');
  await once(socket.resume(), 'close');
  expect(asked.at(-1)!.headers).toMatchObject({ host: 'localhost' });
  expect(asked.at(-1)!.headers).not.toHaveProperty('x-own');
});

it('is asked for tarballs at no other host than its own', async () => {
  tarballOf = (name, file) => `http://127.0.0.1:1/${name}/-/${file}`;
  expect(await testing.ask('/clean/-/clean-1.0.0.tgz')).toMatchObject({ status: 200, body: clean });
  expect(await testing.ask('/evil/-/evil-1.0.0.tgz')).toMatchObject({ status: 403 });
});

describe('further paths of its API', () => {
  it('answer with text', async () => {
    const { status, body, headers } = await testing.ask('/-/own/thing');
    expect({ status, text: body.toString(), type: headers['content-type'] }).toEqual({
      status: 200,
      text: 'hello',
      type: 'text/plain; charset=utf-8',
    });
    expect(await testing.ask('/-/other/thing')).toMatchObject({ status: 404 });
    // The rest of the API stays JSON.
    expect(await testing.ask('/-/whoami')).toMatchObject({ status: 502 });
  });

  it('answer with no archive', async () => {
    text = clean;
    expect(await testing.ask('/-/own/thing')).toMatchObject({ status: 502 });
    text = gzipSync('hello');
    expect(await testing.ask('/-/own/thing')).toMatchObject({ status: 502 });
    const tar = Buffer.concat([entry({ name: 'package/x', body: 'text' }), zeroBlock, zeroBlock]);
    text = tar;
    const got = await testing.ask('/-/own/thing');
    expect(got.body.subarray(0, 512).equals(tar.subarray(0, 512))).toBe(false);
  });
});
