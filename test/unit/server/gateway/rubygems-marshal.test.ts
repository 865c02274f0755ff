/* What a source of gems sends for Ruby to read by Marshal. */
import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeGem } from '../../../support/gem/gems.ts';
import { moduleZip } from '../../../support/go/module-zip.ts';
import { textTar } from './archives-in-text.ts';
import { listening, startGateway, type Testing } from './support.ts';

const clean = makeGem({ name: 'clean' });

let files: Map<string, Buffer>;
let testing: Testing;
beforeEach(async () => {
  files = new Map();
  const { address } = await listening(({ url = '', headers }, response) => {
    const bytes = files.get(url);
    if (bytes === undefined) return void response.writeHead(404).end();
    if (headers['if-none-match'] === '"tag"') return void response.writeHead(304).end();
    return void response.setHeader('etag', '"tag"').end(bytes);
  });
  testing = await startGateway(`${address}/`, { ecosystem: 'rubygems' });
});

describe('what Ruby reads by Marshal', () => {
  const marshal = Buffer.from('\u0004\u0008[\u0000', 'latin1');
  const behind = Buffer.concat([Buffer.alloc(1), moduleZip({ module: 'example.org/m@v1.0.0' })]);
  const random = randomBytes(2000);

  it('passes as it is', async () => {
    const list = gzipSync(marshal);
    const spec = deflateSync(marshal);
    files.set('/specs.4.8.gz', list);
    files.set('/quick/Marshal.4.8/clean-1.0.0.gemspec.rz', spec);
    const headers = { range: 'bytes=3-' };
    expect(await testing.ask('/specs.4.8.gz', { headers })).toMatchObject({ body: list });
    expect(await testing.ask('/quick/Marshal.4.8/clean-1.0.0.gemspec.rz')).toMatchObject({
      status: 200,
      body: spec,
    });
    const again = { headers: { 'if-none-match': '"tag"' } };
    expect(await testing.ask('/specs.4.8.gz', again)).toMatchObject({ status: 304 });
  });

  it.each<[string, string, Buffer, number]>([
    ['what is not packed', '/specs.4.8.gz', marshal, 502],
    ['a packed tar', '/latest_specs.4.8.gz', gzipSync(textTar('a')), 502],
    ['a gem', '/specs.4.8.gz', clean.bytes, 502],
    [
      'a tar that begins so',
      '/quick/Marshal.4.8/x-1.gemspec.rz',
      deflateSync(textTar('\u0004\u0008')),
      403,
    ],
    [
      'what is too long',
      '/quick/Marshal.4.8/x-1.gemspec.rz',
      deflateSync(Buffer.alloc(257 << 20)),
      502,
    ],
    ['a zip behind its end', '/specs.4.8.gz', Buffer.concat([gzipSync(marshal), behind]), 502],
    [
      'a zip behind the end of a gemspec',
      '/quick/Marshal.4.8/x-1.gemspec.rz',
      Buffer.concat([deflateSync(marshal), behind]),
      502,
    ],
    [
      'a zip in what is not packed further',
      '/specs.4.8.gz',
      gzipSync(Buffer.concat([marshal, behind]), { level: 0 }),
      403,
    ],
    ['a packed tar that begins so', '/specs.4.8.gz', gzipSync(textTar('\u0004\u0008')), 403],
    ['nothing', '/specs.4.8.gz', gzipSync(''), 502],
    ['cut off', '/specs.4.8.gz', gzipSync(Buffer.concat([marshal, random])).subarray(0, -9), 502],
  ])('is not %s', async (_, target, bytes, status) => {
    files.set(target, bytes);
    expect(await testing.ask(target)).toMatchObject({ status });
  });

  it('is unpacked in little memory, however many ask', async () => {
    const long = Buffer.alloc(200 << 20);
    marshal.copy(long);
    files.set('/specs.4.8.gz', gzipSync(long));
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
    const before = process.memoryUsage.rss();
    const all = await Promise.all(
      Array.from({ length: 4 }, async () => testing.ask('/specs.4.8.gz')),
    );
    clearInterval(watch);
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(most - before).toBeLessThan(300 << 20);
  });
});
