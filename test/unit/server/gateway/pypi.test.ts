/* The face that pip and uv speak to, in front of an index. */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startIndex, type IndexOptions, type SimpleIndex } from '../../../support/pip/index.ts';
import { isReadableArchive } from '../../../../packages/server/src/gateway/readable-archive.ts';
import { sdistOf, wheelOf, type Dist } from '../../../support/pip/packages.ts';
import { textTar } from './archives-in-text.ts';
import { closeWithTest, jsonOf, listening, startGateway, type Testing } from './support.ts';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const asJson = { headers: { accept: JSON_TYPE } };
const clean = wheelOf({ name: 'clean' });
const source = sdistOf({ name: 'source' });
const evil = wheelOf({ name: 'evil', hostile: true });
const evilSource = sdistOf({ name: 'evilsource', hostile: true });

let index: SimpleIndex;
let testing: Testing;

async function begin(options: Partial<IndexOptions> = {}): Promise<void> {
  index = await startIndex({ dists: [clean, source, evil, evilSource], ...options });
  closeWithTest(() => index.close());
  const url = `http://${new URL(index.url).host}/simple/`;
  testing = await startGateway(url, { ecosystem: 'pypi' });
}

const fileOf = ({ project, fileName }: Dist): string => `/files/${project}/${fileName}`;
const downloads = (): string[] => index.log.filter((line) => line.startsWith('GET /files/'));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('pages', () => {
  it.each(['html', 'json'] as const)(
    'have files at the gateway, of an index of %s',
    async (only) => {
      await begin({ only, metadata: true });
      const url = `${testing.url.replace('127.0.0.1', 'localhost')}${fileOf(clean)}`;
      const page = jsonOf(await testing.ask('/simple/Clean/', asJson));
      expect(page).toMatchObject({
        meta: { 'api-version': '1.0' },
        name: 'clean',
        files: [{ filename: clean.fileName, url, hashes: { sha256: sha256(clean.bytes) } }],
      });
      const html = (await testing.ask('/simple/clean/')).body.toString();
      expect(html).toContain(`href="${url}#sha256=${sha256(clean.bytes)}"`);
      expect(html + JSON.stringify(page)).not.toContain(new URL(index.origin).host);
    },
  );

  it('are those of the public address, whatever a request says', async () => {
    await begin();
    const { body } = await testing.ask('/simple/clean/', { headers: { host: 'evil.example' } });
    expect(body.toString()).not.toContain('evil.example');
  });

  it('are not sent to who has them', async () => {
    await begin();
    const { headers } = await testing.ask('/simple/clean/');
    const again = { headers: { 'if-none-match': headers.etag! } };
    expect(await testing.ask('/simple/clean/', again)).toMatchObject({ status: 304 });
    expect(headers).toMatchObject({ 'cache-control': 'private, no-cache' });
  });

  it('are no archive', async () => {
    const { address } = await listening((_, response) => {
      const yanked = textTar('').toString('latin1').repeat(3);
      const files = Array.from({ length: 512 }, (__, at) => ({
        filename: `x-${'1'.repeat(at % 200)}.0.tar.gz`,
        url: `/x-${'1'.repeat(at % 200)}.0.tar.gz`,
        yanked: 'a'.repeat(at) + yanked,
      }));
      response.setHeader('content-type', JSON_TYPE).end(JSON.stringify({ files }));
    });
    testing = await startGateway(address, { ecosystem: 'pypi' });
    const { status, body } = await testing.ask('/simple/x/', asJson);
    expect({ status, isArchive: isReadableArchive(body) }).toEqual({
      status: 200,
      isArchive: false,
    });
    expect(body.toString()).toMatch(/^ +\{/);
  });

  it('and uploads are all that there is', async () => {
    await begin();
    for (const target of ['/', '/simple/', '/pypi/clean/json', '/legacy/', '/files/clean/'])
      expect(await testing.ask(target)).toMatchObject({ status: 404 });
    const sent = await testing.ask('/legacy/', { method: 'POST', body: 'x' });
    expect({ status: sent.status, said: sent.body.toString() }).toEqual({
      status: 404,
      said: expect.stringContaining('uploads do not pass') as string,
    });
    expect(index.log).toEqual([]);
  });
});

describe('files', () => {
  it('pass once they are accepted, and are streamed then', async () => {
    await begin();
    for (const dist of [clean, source])
      for (const _ of ['cold', 'warm'])
        expect(await testing.ask(fileOf(dist))).toMatchObject({ status: 200, body: dist.bytes });
    expect(testing.inspected.count).toBe(2);
    expect(downloads()).toHaveLength(4);
    expect(testing.held()).toEqual([]);
  });

  it('are refused with a reason in the phrase, which pip shows, and not fetched again', async () => {
    await begin();
    for (const dist of [evil, evilSource])
      for (const _ of ['cold', 'warm']) {
        const { status, phrase } = await testing.ask(fileOf(dist));
        expect(status).toBe(403);
        expect(phrase).toMatch(new RegExp(`^tarwarden: .*${dist.project}@1.0`));
      }
    expect(downloads()).toHaveLength(2);
  });

  it('come whole whatever part is asked for, and by no part before', async () => {
    await begin();
    const ranged = { headers: { range: 'bytes=0-9' } };
    const whole = await testing.ask(fileOf(clean), ranged);
    expect(whole).toMatchObject({ status: 200, body: clean.bytes });
    const { headers } = await testing.ask(fileOf(clean), { method: 'HEAD' });
    expect(headers['accept-ranges']).toBeUndefined();
    expect(headers['content-length']).toBe(String(clean.bytes.length));
    expect(await testing.ask(fileOf(evil), { method: 'HEAD' })).toMatchObject({ status: 403 });
    expect(await testing.ask(fileOf(evil), ranged)).toMatchObject({ status: 403 });
  });

  it('that the index promises otherwise do not pass', async () => {
    const dists = [{ ...clean }];
    await begin({ dists });
    expect(await testing.ask('/simple/clean/')).toMatchObject({ status: 200 });
    dists[0] = { ...clean, bytes: evil.bytes };
    expect(await testing.ask(fileOf(clean))).toMatchObject({ status: 502 });
    dists[0] = { ...clean };
    expect(await testing.ask(fileOf(clean))).toMatchObject({ status: 200 });
    dists[0] = { ...clean, bytes: evil.bytes };
    // It has a verdict by now, and its bytes are compared all the same.
    expect(await testing.ask(fileOf(clean))).toMatchObject({ status: 502 });
  });

  it('without a hash are inspected each time, unless those bytes were', async () => {
    await begin({ links: 'unhashed' });
    for (const _ of [1, 2])
      expect(await testing.ask(fileOf(clean))).toMatchObject({ status: 200, body: clean.bytes });
    expect(testing.inspected.count).toBe(1);
    expect(await testing.ask(fileOf(evil))).toMatchObject({ status: 403 });
  });

  it('are those of the name that they have', async () => {
    const other = { ...clean, project: 'other', fileName: 'other-1.0-py3-none-any.whl' };
    const later = { ...clean, fileName: 'clean-2.0-py3-none-any.whl' };
    const asSdist = { ...clean, fileName: 'clean-1.0.tar.gz' };
    await begin({ dists: [other, later, asSdist] });
    for (const dist of [other, later, asSdist])
      expect(await testing.ask(fileOf(dist))).toMatchObject({ status: 403 });
  });

  it.each(['tar.bz2', 'tar.xz'])('of a kind that is not read are refused: %s', async (ending) => {
    const bytes = Buffer.from('425a6839314159265359', 'hex');
    const odd = { project: 'odd', fileName: `odd-1.0.${ending}`, bytes };
    await begin({ dists: [odd] });
    expect(await testing.ask(fileOf(odd))).toMatchObject({ status: 403 });
  });

  it('at a host that nobody allowed are refused, and it is not asked', async () => {
    for (const host of ['169.254.169.254', '127.0.0.1:1', 'files.example', '[::1]:1']) {
      const far = { ...clean, url: `http://${host}/${clean.fileName}` };
      await begin({ dists: [far] });
      const { status, phrase } = await testing.ask(fileOf(far));
      expect({ status, phrase }).toEqual({
        status: 403,
        phrase: expect.stringContaining(host) as string,
      });
      await testing.close();
    }
    await begin();
  });

  it('that are not there are not there', async () => {
    await begin();
    expect(await testing.ask('/files/clean/clean-9.0.tar.gz')).toMatchObject({ status: 404 });
    expect(await testing.ask('/files/source/clean-1.0-py3-none-any.whl')).toMatchObject({
      status: 404,
    });
    expect(downloads()).toEqual([]);
  });
});

describe('metadata by itself', () => {
  it('passes as it is, where the page offers it', async () => {
    await begin({ metadata: true });
    const { status, body } = await testing.ask(`${fileOf(clean)}.metadata`);
    expect({ status, text: body.toString() }).toEqual({ status: 200, text: clean.metadata });
    expect(await testing.ask(`${fileOf(source)}.metadata`)).toMatchObject({ status: 404 });
  });

  it.each([
    ['of another package', 'Metadata-Version: 2.1\nName: other\nVersion: 1.0\n'],
    ['of another version', 'Metadata-Version: 2.1\nName: clean\nVersion: 2.0\n'],
    ['of two', 'Metadata-Version: 2.1\nName: clean\nName: other\nVersion: 1.0\n'],
    [
      'that requires what is elsewhere',
      `${clean.metadata}Requires-Dist: evil@http://x.example/e.whl\n`,
    ],
    ['that does, folded', `${clean.metadata}requires-dist: evil [a,b]\n  @ file:///e.whl\n`],
    ['that is none', '<html>'],
  ])('%s does not pass', async (_, metadata) => {
    await begin({ dists: [{ ...clean, metadata }], metadata: true });
    expect(await testing.ask(`${fileOf(clean)}.metadata`)).toMatchObject({ status: 403 });
  });

  it('that is not what the page promises does not pass', async () => {
    const dists = [{ ...clean }];
    await begin({ dists, metadata: true });
    await testing.ask('/simple/clean/');
    dists[0] = { ...clean, metadata: `${clean.metadata}\nx` };
    expect(await testing.ask(`${fileOf(clean)}.metadata`)).toMatchObject({ status: 502 });
  });
});

describe('a wheel beside metadata of the index', () => {
  const metadata = `${clean.metadata}Requires-Dist: dropper\n`;

  it('does not pass if the metadata adds a dependency, also where its verdict is known', async () => {
    const dists = [{ ...clean }];
    await begin({ dists, metadata: true });
    expect(await testing.ask(fileOf(clean))).toMatchObject({ status: 200 });
    expect(index.log.filter((line) => line.endsWith('.metadata'))).toEqual([]);
    dists[0] = { ...clean, metadata };
    await testing.ask('/simple/clean/');
    const { status, body } = await testing.ask(fileOf(clean));
    expect(status).toBe(403);
    expect(body.toString()).toContain('the metadata file of the index shows "dropper"');
  });

  it('passes if the metadata has other line endings, or is not there', async () => {
    const rewritten = { ...clean, metadata: clean.metadata!.replaceAll('\n', '\r\n') };
    await begin({ dists: [rewritten, source], metadata: true });
    expect(await testing.ask(fileOf(clean))).toMatchObject({ status: 200 });
    expect(await testing.ask(fileOf(source))).toMatchObject({ status: 200 });
  });
});

describe('clients that give up early', () => {
  async function slowIndex(listener: RequestListener): Promise<Server> {
    const { server, address } = await listening(listener);
    testing = await startGateway(address, { ecosystem: 'pypi' });
    return server;
  }

  it('find the same download when they come back', async () => {
    let deliver = (): void => undefined;
    let asked = 0;
    await slowIndex((request, response) => {
      if (request.url === '/clean/') {
        const anchor = `<a href="/${clean.fileName}#sha256=${sha256(clean.bytes)}">`;
        return void response.setHeader('content-type', 'text/html').end(anchor);
      }
      asked += 1;
      deliver = () => void response.end(clean.bytes);
      return undefined;
    });
    const socket = connect(Number(new URL(testing.url).port), '127.0.0.1');
    socket.write(`GET ${fileOf(clean)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await expect.poll(() => asked).toBe(1);
    socket.destroy();
    await once(socket, 'close');
    const again = testing.ask(fileOf(clean));
    const { server } = testing.gateway;
    await expect.poll(async () => promisify(server.getConnections.bind(server))()).toBe(1);
    deliver();
    expect(await again).toMatchObject({ status: 200, body: clean.bytes });
    expect(asked).toBe(1);
  });
});

describe('readiness', () => {
  it('is that wheels and sdists are refused', async () => {
    await begin();
    expect(await testing.ask('/-/tarwarden/readyz')).toMatchObject({ status: 200 });
    const accepting = async () => ({ status: 'accept', findings: [] }) as never;
    await testing.close();
    testing = await startGateway(index.url, {
      ecosystem: 'pypi',
      threads: { inspect: accepting, inspectFile: accepting },
    });
    expect(await testing.ask('/-/tarwarden/readyz')).toMatchObject({ status: 503 });
  });
});
