/* The face that RubyGems and Bundler speak to, in front of a source of gems. */
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeGem } from '../../../support/gem/gems.ts';
import { textTar } from './archives-in-text.ts';
import { listening, startGateway, type Testing } from './support.ts';

const clean = makeGem({ name: 'clean' });
const built = makeGem({ name: 'built', platform: 'x86_64-linux' });
const evil = makeGem({ name: 'evil', hostile: true });

interface Asked {
  readonly line: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

let files: Map<string, Buffer>;
let asked: Asked[];
let testing: Testing;
beforeEach(async () => {
  files = new Map([clean, built, evil].map((gem) => [`/gems/${gem.fileName}`, gem.bytes]));
  asked = [];
  const { address } = await listening((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push({ line: `${method} ${url}`, headers });
    if (headers.authorization === 'Basic bad') return void response.writeHead(401).end();
    const bytes = files.get(url);
    if (bytes === undefined) return void response.writeHead(404).end();
    response.setHeader('etag', '"tag"').setHeader('repr-digest', 'sha-256=:x:');
    if (headers['if-none-match'] === '"tag"') return void response.writeHead(304).end();
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    if (from >= bytes.length && from > 0) return void response.writeHead(416).end();
    if (from > 0) {
      const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
      response.writeHead(206, { 'content-range': range });
    }
    return void response.end(bytes.subarray(from));
  });
  testing = await startGateway(`${address}/`, { ecosystem: 'rubygems' });
});

const gemAt = ({ fileName }: { readonly fileName: string }): string => `/gems/${fileName}`;

describe('names in the list of versions of a gem', () => {
  const ask = async (info: string): Promise<number> => {
    files.set('/info/outer', Buffer.from(info));
    return (await testing.ask('/info/outer')).status;
  };

  it.each([
    ['of a dependency', '---\n1.0 ../../x:>= 0|checksum:00\n'],
    ['of a later dependency', '---\n1.0 a:>= 0,../x:>= 0|checksum:00\n'],
    ['in a later line', '---\n1.0 |checksum:00\n1.1 a/x:>= 0|checksum:00\n'],
    ['with a backslash', '---\n1.0 ..\\x:>= 0|checksum:00\n'],
    ['of a platform', '---\n1.0-x86/../../x |checksum:00\n'],
    ['without a head', '1.0 /x:>= 0'],
  ])('are not passed on where they are a path: %s', async (_title, info) => {
    expect(await ask(info)).toBe(403);
  });

  it('pass with all that a real list has', async () => {
    const line = '1.0.0.pre-x86_64-linux a.b-c_D:>= 1.0&< 2,e:~> 1.0';
    expect(await ask(`---\n${line}|checksum:00,ruby:>= 3.0,created_at:x/y\n`)).toBe(200);
  });
});

describe('gems', () => {
  it('pass once they are accepted, as they are', async () => {
    for (const gem of [clean, built])
      for (const _ of ['cold', 'warm'])
        expect(await testing.ask(gemAt(gem))).toMatchObject({ status: 200, body: gem.bytes });
    expect(testing.inspected.count).toBe(2);
    expect(testing.held()).toEqual([]);
  });

  it('are refused with a reason in the phrase, which clients show', async () => {
    for (const _ of ['cold', 'warm']) {
      const { status, phrase } = await testing.ask(gemAt(evil));
      expect({ status, phrase }).toEqual({
        status: 403,
        phrase: expect.stringMatching(/^tarwarden: evil-1\.0\.0\.gem is refused/) as string,
      });
    }
    expect(testing.inspected.count).toBe(1);
  });

  it.each(['other-1.0.0.gem', 'clean-1.0.1.gem', 'clean-1.0.0-java.gem', 'clean-1.0.0-x.gem'])(
    'are those of the name that they have: not %s',
    async (fileName) => {
      files.set(`/gems/${fileName}`, clean.bytes);
      expect(await testing.ask(`/gems/${fileName}`)).toMatchObject({ status: 403 });
      expect(await testing.ask(gemAt(clean))).toMatchObject({ status: 200 });
      expect(await testing.ask(`/gems/${fileName}`)).toMatchObject({ status: 403 });
    },
  );

  it('are inspected again where the source has other bytes, and never come in parts', async () => {
    expect(await testing.ask(gemAt(clean))).toMatchObject({ status: 200 });
    const headers = { range: 'bytes=9-' };
    expect(await testing.ask(gemAt(clean), { headers })).toMatchObject({ body: clean.bytes });
    files.set(gemAt(clean), evil.bytes);
    expect(await testing.ask(gemAt(clean))).toMatchObject({ status: 403 });
  });

  it('are not there where the source has none, and not for others than those who may', async () => {
    expect(await testing.ask('/gems/none-1.0.gem')).toMatchObject({ status: 404 });
    const headers = { authorization: 'Basic bad' };
    expect(await testing.ask(gemAt(clean))).toMatchObject({ status: 200 });
    expect(await testing.ask(gemAt(clean), { headers })).toMatchObject({ status: 401 });
  });

  it('are not pushed', async () => {
    const { status, body } = await testing.ask('/api/v1/gems', { method: 'POST', body: 'x' });
    expect({ status, said: body.toString() }).toEqual({
      status: 404,
      said: expect.stringContaining('not pushed through') as string,
    });
    expect(asked).toEqual([]);
  });

  it('refused are what shows that it is ready', async () => {
    expect(await testing.ask('/-/tarwarden/readyz')).toMatchObject({ status: 200 });
  });
});

describe('the compact index', () => {
  const info = '---\n1.0.0 |checksum:abc\n';

  it('passes as it is, with what clients go by', async () => {
    for (const target of ['/versions', '/names', '/info/clean']) {
      files.set(target, Buffer.from(info));
      const { status, headers, body } = await testing.ask(target);
      expect({ status, text: body.toString() }).toEqual({ status: 200, text: info });
      expect(headers).toMatchObject({ etag: '"tag"', 'repr-digest': 'sha-256=:x:' });
      expect(await testing.ask(target, { method: 'HEAD' })).toMatchObject({ status: 200 });
    }
    expect(asked.map(({ line }) => line)).toContain('HEAD /versions');
  });

  it('comes in parts, and not to who has it', async () => {
    files.set('/versions', Buffer.from(info));
    const part = await testing.ask('/versions', { headers: { range: 'bytes=4-' } });
    expect({ status: part.status, text: part.body.toString() }).toEqual({
      status: 206,
      text: info.slice(4),
    });
    expect(part.headers['content-range']).toBe(`bytes 4-${info.length - 1}/${info.length}`);
    const again = { headers: { 'if-none-match': '"tag"' } };
    expect(await testing.ask('/versions', again)).toMatchObject({ status: 304 });
    const behind = { headers: { range: 'bytes=999-' } };
    expect(await testing.ask('/versions', behind)).toMatchObject({ status: 416 });
    const many = { headers: { range: 'bytes=0-1,4-5' } };
    expect(await testing.ask('/versions', many)).toMatchObject({ status: 200 });
  });

  it.each(['/versions', '/names', '/info/x'])('%s is no archive', async (target) => {
    files.set(target, gzipSync('x'));
    expect(await testing.ask(target)).toMatchObject({ status: 403 });
    files.set(target, Buffer.concat([Buffer.from('--- \n'), gzipSync('x')]));
    const part = { headers: { range: 'bytes=5-' } };
    expect(await testing.ask(target, part)).toMatchObject({ status: 403 });
  });

  it('of one gem is no tar, which its publisher may make of it', async () => {
    files.set('/info/x', textTar('---'));
    expect(await testing.ask('/info/x')).toMatchObject({ status: 403 });
  });
});
