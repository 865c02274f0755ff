/* Indexes and requests that no client of Python is meant to meet. */
import type { RequestListener } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { wheelOf } from '../../../support/pip/packages.ts';
import { jsonOf, listening, startGateway, type Answered, type Testing } from './support.ts';

const clean = wheelOf({ name: 'clean' });
const FILE = `/files/clean/${clean.fileName}`;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const asJson = { headers: { accept: 'application/vnd.pypi.simple.v1+json' } };

let testing: Testing;

const serve = async (listener: RequestListener): Promise<string> =>
  (await listening(listener)).address;

/** A gateway in front of an index with one page. */
async function begin(page: string, allowedHosts: readonly string[] = []): Promise<string[]> {
  const asked: string[] = [];
  const address = await serve((request, response) => {
    asked.push(request.url!);
    if (request.url === '/clean/') response.setHeader('content-type', 'text/html').end(page);
    else response.end(clean.bytes);
  });
  testing = await startGateway(address, { ecosystem: 'pypi', allowedHosts });
  return asked;
}

const filesOf = (answer: Answered): unknown => jsonOf(answer)['files'];

describe('an index', () => {
  it.each([
    ['a comment', `<!-- <a href="/${clean.fileName}"> -->`],
    ['a script', `<script>document.write('<a href="/${clean.fileName}">')</script>`],
    ['an attribute', `<p title='<a href="/${clean.fileName}">'>`],
    ['a tag without an end', `<a href="/${clean.fileName}"`],
    ['another project', '<a href="/other-1.0-py3-none-any.whl">clean</a>'],
  ])('names no file in %s', async (_, page) => {
    const asked = await begin(page);
    expect(filesOf(await testing.ask('/simple/clean/', asJson))).toEqual([]);
    expect(await testing.ask(FILE)).toMatchObject({ status: 404 });
    expect(asked).not.toContain(`/${clean.fileName}`);
  });

  it.each([
    ['a base', `<base href="http://127.0.0.2:1/"><a href="${clean.fileName}">`],
    ['entities', `<a href="http&#58;//127.0.0.2&#x3a;1/${clean.fileName}">`],
    ['a user', `<a href="http://files.example@127.0.0.2:1/${clean.fileName}">`],
    ['two slashes', `<a href="//127.0.0.2:1/${clean.fileName}">`],
    ['backslashes', `<a href="http:\\\\127.0.0.2:1\\${clean.fileName}">`],
    ['another spelling', `<a href="http://0x7f000002:1/${clean.fileName}">`],
  ])('sends to no address that nobody allowed, by %s', async (_, page) => {
    await begin(page);
    const { status, phrase } = await testing.ask(FILE);
    expect({ status, phrase }).toEqual({
      status: 403,
      phrase: expect.stringContaining('127.0.0.2:1') as string,
    });
  });

  it.each([
    ['JSON that is none', '{"files":', 'application/vnd.pypi.simple.v1+json'],
    ['a picture', 'GIF89a', 'image/gif'],
    ['a page without an end', `<a href="${'x'.repeat(65 << 20)}`, 'text/html'],
  ])('that sends %s has no page', async (_, page, type) => {
    const address = await serve((_request, response) => {
      response.setHeader('content-type', type).end(page);
    });
    testing = await startGateway(address, { ecosystem: 'pypi' });
    expect(await testing.ask('/simple/clean/')).toMatchObject({ status: 502 });
    expect(await testing.ask(FILE)).toMatchObject({ status: 502 });
  });

  it('that has its page elsewhere has its files there, if that is allowed', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await serve((request, response) => {
      seen.push(request.headers.authorization);
      if (!request.url!.endsWith('/')) return void response.end(clean.bytes);
      const page = `<a href="${clean.fileName}">`;
      return void response.setHeader('content-type', 'text/html').end(page);
    });
    const address = await serve((_, response) => {
      response.writeHead(302, { location: `${elsewhere}/moved/clean/` }).end();
    });
    testing = await startGateway(address, { ecosystem: 'pypi' });
    expect(await testing.ask('/simple/clean/')).toMatchObject({ status: 403 });
    await testing.close();
    const allowedHosts = [new URL(elsewhere).host];
    testing = await startGateway(address, { ecosystem: 'pypi', allowedHosts });
    const headers = { authorization: 'Basic mine' };
    expect(await testing.ask(FILE, { headers })).toMatchObject({ status: 200, body: clean.bytes });
    expect(seen).toEqual([undefined, undefined]);
  });
});

describe('what may be asked for', () => {
  it.each([
    '/files/clean/..%2f..%2fetc%2fpasswd',
    '/files/clean/../../etc/passwd',
    '/files/..%2fclean/x-1.0.tar.gz',
    '/simple/..%2fadmin/',
    '/simple/%2e%2e/',
    '/simple/clean%00/',
    '/simple/clean/?next=http://elsewhere.example',
    '/Simple/clean/',
    '/files/CLEAN/clean-1.0-py3-none-any.whl',
  ])('is no more than pages and files: %s', async (target) => {
    const asked = await begin('');
    await testing.ask(target);
    expect(asked.filter((path) => path !== '/clean/')).toEqual([]);
  });
});

describe('a page that was made to take long', () => {
  const type = 'application/vnd.pypi.simple.v1+json';
  const serving = async (body: string, contentType: string): Promise<void> => {
    const packed = gzipSync(body);
    const address = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip').setHeader('content-type', contentType);
      response.end(packed);
    });
    testing = await startGateway(address, { ecosystem: 'pypi' });
  };

  it.each([
    ['HTML', '<a href="clean-1.zip">'.repeat(2_000_000), 'text/html'],
    ['JSON', `{"files":[${'{"filename":"x","url":"x"},'.repeat(200_000)}0]}`, type],
  ])('lists too many files in %s', async (_, body, contentType) => {
    await serving(body, contentType);
    const { status, phrase } = await testing.ask('/simple/clean/');
    expect({ status, phrase }).toEqual({
      status: 502,
      phrase: 'the page of the index lists more than 100000 files',
    });
  });

  it('has names with many hyphens', async () => {
    const name = `${'a-'.repeat(120)}1.zip`;
    const file = JSON.stringify({ filename: name, url: name });
    await serving(`{"files":[${Array.from({ length: 90_000 }, () => file).join()}]}`, type);
    expect(filesOf(await testing.ask('/simple/clean/', asJson))).toEqual([]);
  });

  it('has an address without an end', async () => {
    await serving(`<a href="/${clean.fileName}?${'x'.repeat(5000)}">`, 'text/html');
    expect(filesOf(await testing.ask('/simple/clean/', asJson))).toEqual([]);
  });
});

it('what is kept of pages is not all of their text', async () => {
  const page = gzipSync(`<!--${'x'.repeat(7 << 20)}--><a href="${clean.fileName}"
    data-requires-python="&gt;=3.8, any longer text" data-yanked="some other longer text">`);
  const address = await serve((_, response) => {
    response.setHeader('content-encoding', 'gzip').setHeader('content-type', 'text/html');
    response.end(page);
  });
  testing = await startGateway(address, { ecosystem: 'pypi' });
  const ask = async (reader: number): Promise<Answered> =>
    testing.ask('/simple/clean/', { headers: { ...asJson.headers, authorization: `${reader}` } });
  expect(filesOf(await ask(0))).toHaveLength(1);
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  for (let reader = 1; reader <= 20; reader += 1) await ask(reader);
  expect(used() - before).toBeLessThan(70 << 20);
});
