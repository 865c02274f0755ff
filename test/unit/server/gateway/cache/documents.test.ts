/* Documents from the cache: each reader has its own, and the registry decides as long as it answers. */
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { freshFolder } from '../../../../support/fresh-folder.ts';
import { clean, hostile, jsonOf } from '../support.ts';
import {
  bearer,
  cachedGateway,
  documentPath,
  filesIn,
  outcomes,
  switchedRegistry,
  type CachedGateway,
  type SwitchedRegistry,
} from './support.ts';

const CLEAN = '/clean/-/clean-1.0.0.tgz';
const ABBREVIATED = { headers: { accept: 'application/vnd.npm.install-v1+json' } };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let folder: string;
let registry: SwitchedRegistry;
let testing: CachedGateway;
freshFolder(async (fresh) => {
  folder = join(fresh, 'cache');
  registry = await switchedRegistry();
  registry.publish('clean', clean);
  registry.publish('evil', hostile);
  registry.publish('@acme/secret', clean);
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'performance'] });
  testing = await cachedGateway(registry.url, folder);
});
afterEach(async () => {
  vi.useRealTimers();
  await testing.close();
  await registry.off();
});

const later = (milliseconds: number): void => void vi.advanceTimersByTime(milliseconds);
const versionsOf = async (...args: Parameters<CachedGateway['ask']>): Promise<string[]> =>
  Object.keys(jsonOf(await testing.ask(...args))['versions'] as object);

describe('while the registry answers', () => {
  it('a fresh copy is served for as long as the registry allows, and for five minutes at most', async () => {
    registry.headers = { 'cache-control': 'public, max-age=86400' };
    for (let i = 0; i < 3; i += 1) expect(await versionsOf('/clean')).toEqual(['1.0.0']);
    expect(registry.times('/clean')).toBe(1);
    registry.publish('clean', clean, '1.0.1');
    later(4 * MINUTE);
    expect(await versionsOf('/clean')).toEqual(['1.0.0']);
    later(MINUTE + 1);
    expect(await versionsOf('/clean')).toEqual(['1.0.0', '1.0.1']);
  });

  it('a copy that is not fresh is served again once the registry has confirmed it', async () => {
    const first = await testing.ask('/clean');
    const again = await testing.ask('/clean');
    expect(again.body.equals(first.body)).toBe(true);
    expect(registry.log.map(({ status }) => status)).toEqual([200, 304]);
    expect(registry.log[1]!.headers['if-none-match']).toBeDefined();
    expect(await outcomes(testing)).toEqual({ 'document miss': 1, 'document confirmed': 1 });
    const { etag } = first.headers;
    const headers = { 'if-none-match': etag! };
    expect(await testing.ask('/clean', { headers })).toMatchObject({ status: 304 });
  });

  it('a registry without entity tags is asked each time, and its document is kept once', async () => {
    registry.headers = { etag: '' };
    for (let i = 0; i < 3; i += 1) expect(await versionsOf('/clean')).toEqual(['1.0.0']);
    expect(registry.log.map(({ status }) => status)).toEqual([200, 200, 200]);
    await registry.off();
    expect(await versionsOf('/clean')).toEqual(['1.0.0']);
    await registry.on();
  });

  it.each([
    ['cache-control', 'no-cache'],
    ['pragma', 'no-cache'],
  ])('a client that sends %s: %s gets the current document', async (name, value) => {
    registry.headers = { 'cache-control': 'max-age=300' };
    await testing.ask('/clean');
    registry.publish('clean', clean, '1.0.1');
    expect(await versionsOf('/clean', { headers: { [name]: value } })).toEqual(['1.0.0', '1.0.1']);
  });

  it('a tarball that is newer than the copy of its document is found', async () => {
    registry.headers = { 'cache-control': 'max-age=300' };
    expect(await testing.ask(CLEAN)).toMatchObject({ status: 200 });
    const next = '/clean/-/clean-1.0.1.tgz';
    expect(await testing.ask(next)).toMatchObject({ status: 404 });
    registry.publish('clean', clean, '1.0.1');
    // Refused, because it says that it is 1.0.0: but it is found.
    expect(await testing.ask(next)).toMatchObject({ status: 403 });
  });

  it('a change through the gateway is seen at once, by all readers', async () => {
    registry.headers = { 'cache-control': 'max-age=300' };
    for (const reader of ['a', 'b']) await testing.ask('/clean', bearer(reader));
    registry.publish('clean', clean, '1.0.1');
    later(1);
    registry.intercept = (path, response) => {
      if (path !== '/-/package/clean/dist-tags/next') return false;
      response.end('{}');
      return true;
    };
    const change = { method: 'PUT', body: '"1.0.1"', ...bearer('a') };
    expect(await testing.ask('/-/package/clean/dist-tags/next', change)).toMatchObject({
      status: 200,
    });
    later(1);
    for (const reader of ['a', 'b'])
      expect(await versionsOf('/clean', bearer(reader))).toEqual(['1.0.0', '1.0.1']);
  });

  it('what the registry does not want to be kept is not kept', async () => {
    registry.headers = { 'cache-control': 'no-store' };
    await testing.ask('/clean');
    await testing.close();
    expect(filesIn(folder)).toEqual([]);
    testing = await cachedGateway(registry.url, folder);
  });

  it('a client cannot choose what the cache has for others', async () => {
    registry.headers = { 'cache-control': 'max-age=300' };
    const accept = 'text/html, application/vnd.npm.install-v1+json; q=0';
    await testing.ask('/clean', { headers: { accept, 'user-agent': 'odd' } });
    expect(registry.log[0]!.headers.accept).toBe(
      'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*',
    );
    expect(await testing.ask('/clean', ABBREVIATED)).toMatchObject({ status: 200 });
    expect(registry.log).toHaveLength(1);
  });
});

/** Ways in which a registry gives no answer. */
const FAILURES: Readonly<Record<string, SwitchedRegistry['intercept'] | 'off'>> = {
  'refuses connections': 'off',
  'answers 503': (_path, response) => {
    response.writeHead(503).end('busy');
    return true;
  },
  'closes the connection': (_path, response) => {
    response.destroy();
    return true;
  },
  'breaks off': (_path, response) => {
    response.writeHead(200, { 'content-length': 1_000 });
    response.write('{"name":', () => response.destroy());
    return true;
  },
};

describe.each(Object.entries(FAILURES))('a registry that %s', (_, failure) => {
  it('is replaced by copies up to the limit, which say so, and never lets hostile archives pass', async () => {
    await testing.ask('/clean');
    await testing.ask('/evil/-/evil-1.0.0.tgz');
    expect(await testing.ask(CLEAN)).toMatchObject({ status: 200 });
    if (failure === 'off') await registry.off();
    else registry.intercept = failure;
    later(23 * HOUR);
    const { status, headers } = await testing.ask('/clean');
    expect({ status, ...headers }).toMatchObject({
      status: 200,
      age: String(23 * 60 * 60),
      warning: '110 - "Response is Stale"',
    });
    expect(await testing.ask(CLEAN)).toMatchObject({ status: 200 });
    expect(await testing.ask('/clean', ABBREVIATED)).toMatchObject({ status: 200 });
    expect(await testing.ask('/evil/-/evil-1.0.0.tgz')).toMatchObject({ status: 403 });
    for (const path of ['/unknown', '/clean/-/clean-2.0.0.tgz'])
      expect({ path, ...(await testing.ask(path)) }).toMatchObject({ path, status: 502 });
    const notices = testing.log.filter(({ msg }) => /without the registry/.test(String(msg)));
    expect(notices).toHaveLength(1);
    later(HOUR + 1000);
    for (const path of ['/clean', CLEAN, '/evil/-/evil-1.0.0.tgz'])
      expect({ path, ...(await testing.ask(path)) }).toMatchObject({ path, status: 502 });
    if (failure === 'off') await registry.on();
    registry.intercept = () => false;
    later(10_000);
    expect((await testing.ask('/clean')).headers['age']).toBeUndefined();
  });
});

it('a registry that does not answer is waited for a few times, and then not by everybody', async () => {
  await testing.ask('/clean');
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'performance', 'setTimeout'] });
  registry.intercept = () => true;
  const asked = Array.from({ length: 3 }, async () => testing.ask('/clean'));
  await expect.poll(() => registry.log.length).toBe(4);
  later(5_000);
  for (const { status, headers } of await Promise.all(asked))
    expect({ status, ...headers }).toMatchObject({ status: 200, age: '5' });
  for (let i = 0; i < 20; i += 1)
    expect((await testing.ask('/clean')).headers).toMatchObject({ age: '5' });
  expect(registry.log).toHaveLength(4);
  // After a pause, one request asks again.
  registry.intercept = () => false;
  later(2_000);
  expect((await testing.ask('/clean')).headers['age']).toBeUndefined();
  expect((await testing.ask('/clean')).headers['age']).toBeUndefined();
  expect(registry.log).toHaveLength(6);
});

describe('readers', () => {
  it('never get each other’s copies, fresh or old', async () => {
    registry.headers = { 'cache-control': 'max-age=300' };
    registry.intercept = (_path, response, { authorization }) => {
      if (authorization === 'Bearer good') return false;
      response.writeHead(404).end('{}');
      return true;
    };
    const path = documentPath('@acme/secret');
    expect(await testing.ask(path, bearer('good'))).toMatchObject({ status: 200 });
    for (const asked of [{}, bearer('bad')])
      expect(await testing.ask(path, asked)).toMatchObject({ status: 404 });
    await registry.off();
    for (const asked of [{}, bearer('bad')])
      expect(await testing.ask(path, asked)).toMatchObject({ status: 502 });
    expect(await testing.ask(path, bearer('good'))).toMatchObject({ status: 200 });
    await registry.on();
  });

  it('get what the registry gave without credentials while it does not answer', async () => {
    await testing.ask('/clean');
    await testing.ask(CLEAN);
    await registry.off();
    for (const path of ['/clean', CLEAN])
      expect(await testing.ask(path, bearer('new'))).toMatchObject({ status: 200 });
    await registry.on();
  });

  it.each([401, 403, 404, 410])(
    'lose a package within five minutes after the registry has begun to answer %i',
    async (status) => {
      registry.headers = { 'cache-control': 'max-age=3600' };
      const path = documentPath('@acme/secret');
      const tarball = '/@acme/secret/-/secret-1.0.0.tgz';
      registry.content.set(tarball, clean);
      await testing.ask(path, bearer('good'));
      await testing.ask(tarball, bearer('good'));
      registry.intercept = (_path, response) => {
        response.writeHead(status).end('{}');
        return true;
      };
      later(4 * MINUTE);
      await testing.ask(path, bearer('good'));
      await testing.ask(tarball, bearer('good'));
      later(MINUTE + 1);
      expect(await testing.ask(tarball, bearer('good'))).toMatchObject({ status });
      expect(await testing.ask(path, bearer('good'))).toMatchObject({ status });
      // The copies of this reader are gone, too.
      await registry.off();
      expect(await testing.ask(path, bearer('good'))).toMatchObject({ status: 502 });
      expect(await testing.ask(tarball, bearer('good'))).toMatchObject({ status: 502 });
      await registry.on();
    },
  );
});

describe('after a change through the gateway', () => {
  it.each([
    ['PUT', '/-/package/clean/dist-tags/beta', '"1.0.0"'],
    ['DELETE', '/clean/-rev/1-a', undefined],
  ])('whose answer is lost, a copy is not fresh: %s %s', async (method, path, body) => {
    registry.headers = { 'cache-control': 'max-age=300' };
    await testing.ask('/clean');
    registry.intercept = (asked, response) => {
      if (asked !== path) return false;
      registry.content.delete('/clean');
      response.destroy();
      return true;
    };
    later(1);
    expect(await testing.ask(path, { method, ...(body && { body }) })).toMatchObject({
      status: 502,
    });
    expect(await testing.ask('/clean')).toMatchObject({ status: 404 });
  });

  it('no copy is fresh at another registry of this process with the same address', async () => {
    registry.headers = { 'cache-control': 'max-age=300' };
    const upstream = new URL(registry.url);
    await testing.close();
    testing = await cachedGateway(registry.url, folder, {
      registries: [
        { name: 'all', upstream },
        { name: 'accepted', upstream, path: '/accepted/', hideRefused: true },
      ],
    });
    await testing.ask('/accepted/clean');
    registry.publish('clean', clean, '1.0.1');
    registry.intercept = (path, response) => {
      if (!path.includes('dist-tags')) return false;
      response.writeHead(200).end('{}');
      return true;
    };
    later(1);
    const tag = { method: 'PUT', body: '"1.0.1"' };
    await testing.ask('/-/package/clean/dist-tags/latest', tag);
    expect(await versionsOf('/accepted/clean')).toEqual(['1.0.0', '1.0.1']);
  });
});

describe('a copy', () => {
  it('that is damaged is replaced', async () => {
    registry.headers = { 'cache-control': 'max-age=300' };
    const { body } = await testing.ask('/clean');
    for (const damage of ['{}', '', 'x'.repeat(20_000), '{"checkedAt":1}\n{}']) {
      await testing.close();
      for (const file of filesIn(folder)) writeFileSync(file, damage);
      testing = await cachedGateway(registry.url, folder);
      expect((await testing.ask('/clean')).body.length).toBe(body.length);
    }
  });

  it.each([
    [
      'a header that no message may have',
      { headers: { etag: '"a\r\nx: y"', 'content-type': 'a' } },
      2,
    ],
    ['a header of the body', { headers: { 'content-encoding': 'br' } }, 1],
    ['no end of its time', { freshFor: Number.MAX_SAFE_INTEGER, checkedAt: 1 }, 2],
    ['an address of another kind', { url: 'file:///etc/passwd' }, 1],
    ['negative bytes', { bytes: -1 }, 2],
    ['very many bytes', { bytes: Number.MAX_SAFE_INTEGER }, 2],
  ])('that somebody has given %s keeps nobody from the document', async (_, facts, times) => {
    registry.headers = { 'cache-control': 'max-age=300' };
    await testing.ask('/clean');
    await testing.close();
    for (const file of filesIn(folder)) {
      const content = readFileSync(file);
      const end = content.indexOf(0x0a);
      const written = { ...(JSON.parse(content.toString('utf8', 0, end)) as object), ...facts };
      writeFileSync(
        file,
        Buffer.concat([Buffer.from(JSON.stringify(written)), content.subarray(end)]),
      );
    }
    testing = await cachedGateway(registry.url, folder);
    for (let i = 0; i < 2; i += 1) {
      expect(await testing.ask('/clean')).toMatchObject({ status: 200 });
      expect(await versionsOf('/clean')).toEqual(['1.0.0']);
      later(6 * MINUTE);
    }
    expect(registry.times('/clean')).toBeGreaterThanOrEqual(times);
  });

  it('that does not pass the checks is neither served nor kept', async () => {
    registry.headers = { 'cache-control': 'max-age=300' };
    registry.content.set('/clean', Buffer.from('[1]'));
    for (let i = 0; i < 2; i += 1)
      expect(await testing.ask('/clean')).toMatchObject({ status: 502 });
    expect(registry.times('/clean')).toBe(2);
    await testing.close();
    expect(filesIn(folder)).toEqual([]);
    testing = await cachedGateway(registry.url, folder);
  });

  it('from a clock that was ahead is served again once the registry has confirmed it', async () => {
    vi.setSystemTime(Date.now() + 24 * HOUR);
    await testing.ask('/clean');
    vi.setSystemTime(Date.now() - 24 * HOUR);
    await testing.ask('/clean');
    expect(registry.log.map(({ status }) => status)).toEqual([200, 304]);
    await registry.off();
    expect(await versionsOf('/clean')).toEqual(['1.0.0']);
    await registry.on();
  });

  it('contains no credentials', async () => {
    const token = 'npm_secretsecretsecret';
    await testing.ask('/clean', bearer(token));
    await testing.close();
    const files = filesIn(folder);
    expect(files).toHaveLength(1);
    for (const file of files) expect(readFileSync(file, 'latin1')).not.toContain(token);
    testing = await cachedGateway(registry.url, folder);
  });
});
