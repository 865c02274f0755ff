/* The face that go speaks to, in front of a module proxy. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goEntry, moduleZip } from '../../../support/go/module-zip.ts';
import { startGoProxy, type GoProxy, type ProxyOptions } from '../../../support/go/proxy.ts';
import { textTar } from './archives-in-text.ts';
import { listening, startGateway, type Testing } from './support.ts';

const CLEAN = '/example.org/clean/@v/v1.0.0.zip';
const EVIL = '/example.org/evil/@v/v1.0.0.zip';
const evil = moduleZip({
  module: 'example.org/evil@v1.0.0',
  entries: [
    goEntry('example.org/evil@v1.0.0/link', '../../outside', { madeBy: 3, mode: 0o120777 }),
  ],
});
const clean = moduleZip({ module: 'example.org/clean@v1.0.0' });

let proxy: GoProxy;
let testing: Testing;
afterEach(async () => {
  await proxy.close();
});

async function begin(options: ProxyOptions = {}): Promise<void> {
  proxy = await startGoProxy(options);
  proxy.publish({ module: 'example.org/clean@v1.0.0' });
  proxy.publish({ module: 'example.org/evil@v1.0.0', zip: evil });
  testing = await startGateway(proxy.url, { ecosystem: 'go' });
}

const zips = (): string[] => proxy.asked.filter((path) => path.endsWith('.zip'));

describe('modules', () => {
  beforeEach(async () => begin());

  it('pass once they are accepted, as they are', async () => {
    for (const _ of ['cold', 'warm'])
      expect(await testing.ask(CLEAN)).toMatchObject({ status: 200, body: clean });
    expect(testing.inspected.count).toBe(1);
    expect(await testing.ask(CLEAN, { method: 'HEAD' })).toMatchObject({ status: 200 });
    expect(await testing.ask(CLEAN, { method: 'POST', body: 'x' })).toMatchObject({ status: 404 });
    expect(testing.held()).toEqual([]);
  });

  it('are refused by 403 and a text, which go shows and after which it asks nobody else', async () => {
    for (const _ of ['cold', 'warm']) {
      const { status, headers, body } = await testing.ask(EVIL);
      expect({ status, type: headers['content-type'] }).toEqual({
        status: 403,
        type: 'text/plain; charset=utf-8',
      });
      expect(body.toString()).toMatch(/^tarwarden: .*example\.org\/evil@v1\.0\.0/);
    }
    expect(testing.inspected.count).toBe(1);
    const metrics = (await testing.ask('/-/tarwarden/metrics')).body.toString();
    expect(metrics).toContain('tarwarden_refused_total{on="download"} 2');
  });

  it('are those that were asked for', async () => {
    proxy.files.set('/example.org/other/@v/v1.0.0.zip', clean);
    proxy.files.set('/example.org/clean/@v/v1.0.1.zip', clean);
    for (const target of ['/example.org/other/@v/v1.0.0.zip', '/example.org/clean/@v/v1.0.1.zip'])
      expect(await testing.ask(target)).toMatchObject({ status: 403 });
    expect(await testing.ask(CLEAN)).toMatchObject({ status: 200 });
  });

  it('are inspected again where the proxy has other bytes', async () => {
    expect(await testing.ask(CLEAN)).toMatchObject({ status: 200 });
    const swapped = moduleZip({
      module: 'example.org/clean@v1.0.0',
      entries: [goEntry('example.org/clean@v1.0.0/x', '../out', { madeBy: 3, mode: 0o120777 })],
    });
    proxy.files.set(CLEAN, swapped);
    expect(await testing.ask(CLEAN)).toMatchObject({ status: 403 });
    expect(await testing.ask(CLEAN, { headers: { range: 'bytes=0-9' } })).toMatchObject({
      status: 403,
    });
  });

  it('that are not there are not there, in the words of the proxy', async () => {
    const { status, body } = await testing.ask('/example.org/none/@v/v1.0.0.info');
    expect({ status, said: body.toString() }).toEqual({ status: 404, said: 'not found\n' });
    expect(await testing.ask('/example.org/none/@v/v1.0.0.zip')).toMatchObject({ status: 404 });
    expect(zips()).toEqual(['/example.org/none/@v/v1.0.0.zip']);
  });

  it('refused are what shows that it is ready', async () => {
    expect(await testing.ask('/-/tarwarden/readyz')).toMatchObject({ status: 200 });
    const accepting = async () => ({ status: 'accept', findings: [] }) as never;
    await testing.close();
    testing = await startGateway(proxy.url, {
      ecosystem: 'go',
      threads: { inspect: accepting, inspectFile: accepting },
    });
    expect(await testing.ask('/-/tarwarden/readyz')).toMatchObject({ status: 503 });
  });
});

describe('everything else', () => {
  beforeEach(async () => begin());

  it.each([
    ['/example.org/clean/@v/list', 'v1.0.0\n', 'text/plain; charset=utf-8'],
    ['/example.org/clean/@v/v1.0.0.mod', 'module example.org/clean', 'text/plain; charset=utf-8'],
    ['/example.org/clean/@v/v1.0.0.info', '{"Version":"v1.0.0"', 'application/json'],
    ['/example.org/clean/@latest', '{"Version":"v1.0.0"', 'application/json'],
  ])('%s is passed on as it is', async (target, start, type) => {
    const { status, headers, body } = await testing.ask(target);
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type });
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(body.toString().startsWith(start)).toBe(true);
  });

  it('of a checksum database is passed on, as far as the proxy knows that', async () => {
    const tile = Buffer.from('a7'.repeat(64), 'hex');
    proxy.files.set('/sumdb/sum.golang.org/supported', '');
    proxy.files.set('/sumdb/sum.golang.org/tile/8/0/000', tile);
    expect(await testing.ask('/sumdb/sum.golang.org/supported')).toMatchObject({ status: 200 });
    expect(await testing.ask('/sumdb/sum.golang.org/tile/8/0/000')).toMatchObject({ body: tile });
    expect(await testing.ask('/sumdb/other.example/supported')).toMatchObject({ status: 404 });
  });

  it.each([
    '/example.org/x/@v/v1.0.0.mod',
    '/example.org/x/@v/v1.0.0.info',
    '/example.org/x/@v/list',
    '/example.org/x/@latest',
    '/sumdb/sum.golang.org/tile/8/0/000',
  ])('%s is no archive that nobody has inspected', async (target) => {
    for (const archive of [evil, textTar('module x')]) {
      proxy.files.set(target, archive);
      const { status, body } = await testing.ask(target);
      expect({ status, same: body.equals(archive) }).toEqual({ status: 403, same: false });
    }
  });

  it('is read within bounds', async () => {
    proxy.files.set('/example.org/x/@v/list', Buffer.alloc(33 * 1024 * 1024, 'v'));
    expect(await testing.ask('/example.org/x/@v/list')).toMatchObject({ status: 502 });
  });

  it('is not there', async () => {
    for (const target of ['/', '/clean', '/example.org/clean/@v/v1.0.0.zip?go-get=1', '/-/x'])
      expect(await testing.ask(target)).toMatchObject({ status: 404 });
    expect(proxy.asked).toEqual([]);
  });
});

describe('users and redirects', () => {
  it('have what the proxy gives them, and are in no log', async () => {
    await begin({ authorization: 'Basic c2VjcmV0' });
    const headers = { authorization: 'Basic c2VjcmV0' };
    expect(await testing.ask(CLEAN, { headers })).toMatchObject({ status: 200 });
    for (const target of [CLEAN, '/example.org/clean/@v/list'])
      expect(await testing.ask(target)).toMatchObject({ status: 401 });
    expect(await testing.ask(EVIL, { headers })).toMatchObject({ status: 403 });
    expect(JSON.stringify(testing.log)).not.toContain('c2VjcmV0');
    expect(JSON.stringify(testing.log)).toContain('example.org/evil');
  });

  it('lead to public addresses and allowed hosts, and take nobody along', async () => {
    const seen: (string | undefined)[] = [];
    const files = await listening((request, response) => {
      seen.push(request.headers.authorization);
      response.end(clean);
    });
    let location = '';
    const instead = (path: string) =>
      path === CLEAN ? { status: 302, headers: { location } } : undefined;
    await begin({ instead });
    const headers = { authorization: 'Basic c2VjcmV0' };
    for (location of [
      files.address,
      'http://169.254.169.254/x',
      'https://127.0.0.1/x',
      'file:///x',
    ])
      expect(await testing.ask(CLEAN, { headers })).toMatchObject({ status: 403 });
    await testing.close();
    const allowedHosts = [new URL(files.address).host];
    testing = await startGateway(proxy.url, { ecosystem: 'go', allowedHosts });
    location = files.address;
    expect(await testing.ask(CLEAN, { headers })).toMatchObject({ status: 200, body: clean });
    expect(seen).toEqual([undefined]);
    files.server.close();
    files.server.closeAllConnections();
  });
});
