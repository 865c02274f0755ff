/* Documents from the cache: each reader has its own, and the registry decides as long as it answers. */
import { describe, expect, it } from 'vitest';
import { clean } from '../support.ts';
import { ABBREVIATED, CLEAN, later, MINUTE, useCachedDocuments } from './cached-documents.ts';
import { bearer, documentPath, filesIn, outcomes } from './support.ts';

const cached = useCachedDocuments();
const { start, versionsOf } = cached;

describe('while the registry answers', () => {
  it('a fresh copy is served for as long as the registry allows, and for five minutes at most', async () => {
    cached.registry.headers = { 'cache-control': 'public, max-age=86400' };
    for (let i = 0; i < 3; i += 1) expect(await versionsOf('/clean')).toEqual(['1.0.0']);
    expect(cached.registry.times('/clean')).toBe(1);
    cached.registry.publish('clean', clean, '1.0.1');
    later(4 * MINUTE);
    expect(await versionsOf('/clean')).toEqual(['1.0.0']);
    later(MINUTE + 1);
    expect(await versionsOf('/clean')).toEqual(['1.0.0', '1.0.1']);
  });

  it('a copy that is not fresh is served again once the registry has confirmed it', async () => {
    const first = await cached.testing.ask('/clean');
    const again = await cached.testing.ask('/clean');
    expect(again.body.equals(first.body)).toBe(true);
    expect(cached.registry.log.map(({ status }) => status)).toEqual([200, 304]);
    expect(cached.registry.log[1]!.headers['if-none-match']).toBeDefined();
    expect(await outcomes(cached.testing)).toEqual({ 'document miss': 1, 'document confirmed': 1 });
    const { etag } = first.headers;
    const headers = { 'if-none-match': etag! };
    expect(await cached.testing.ask('/clean', { headers })).toMatchObject({ status: 304 });
  });

  it('a registry without entity tags is asked each time, and its document is kept once', async () => {
    cached.registry.headers = { etag: '' };
    for (let i = 0; i < 3; i += 1) expect(await versionsOf('/clean')).toEqual(['1.0.0']);
    expect(cached.registry.log.map(({ status }) => status)).toEqual([200, 200, 200]);
    await cached.registry.off();
    expect(await versionsOf('/clean')).toEqual(['1.0.0']);
    await cached.registry.on();
  });

  it.each([
    ['cache-control', 'no-cache'],
    ['pragma', 'no-cache'],
  ])('a client that sends %s: %s gets the current document', async (name, value) => {
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    await cached.testing.ask('/clean');
    cached.registry.publish('clean', clean, '1.0.1');
    expect(await versionsOf('/clean', { headers: { [name]: value } })).toEqual(['1.0.0', '1.0.1']);
  });

  it('a tarball that is newer than the copy of its document is found', async () => {
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    expect(await cached.testing.ask(CLEAN)).toMatchObject({ status: 200 });
    const next = '/clean/-/clean-1.0.1.tgz';
    expect(await cached.testing.ask(next)).toMatchObject({ status: 404 });
    cached.registry.publish('clean', clean, '1.0.1');
    // Refused, because it says that it is 1.0.0: but it is found.
    expect(await cached.testing.ask(next)).toMatchObject({ status: 403 });
  });

  it('a change through the gateway is seen at once, by all readers', async () => {
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    for (const reader of ['a', 'b']) await cached.testing.ask('/clean', bearer(reader));
    cached.registry.publish('clean', clean, '1.0.1');
    later(1);
    cached.registry.intercept = (path, response) => {
      if (path !== '/-/package/clean/dist-tags/next') return false;
      response.end('{}');
      return true;
    };
    const change = { method: 'PUT', body: '"1.0.1"', ...bearer('a') };
    expect(await cached.testing.ask('/-/package/clean/dist-tags/next', change)).toMatchObject({
      status: 200,
    });
    later(1);
    for (const reader of ['a', 'b'])
      expect(await versionsOf('/clean', bearer(reader))).toEqual(['1.0.0', '1.0.1']);
  });

  it('what the registry does not want to be kept is not kept', async () => {
    cached.registry.headers = { 'cache-control': 'no-store' };
    await cached.testing.ask('/clean');
    await cached.testing.close();
    expect(filesIn(cached.folder)).toEqual([]);
    await start();
  });

  it('a client cannot choose what the cache has for others', async () => {
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    const accept = 'text/html, application/vnd.npm.install-v1+json; q=0';
    await cached.testing.ask('/clean', { headers: { accept, 'user-agent': 'odd' } });
    expect(cached.registry.log[0]!.headers.accept).toBe(
      'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*',
    );
    expect(await cached.testing.ask('/clean', ABBREVIATED)).toMatchObject({ status: 200 });
    expect(cached.registry.log).toHaveLength(1);
  });
});

describe('readers', () => {
  it('never get each other’s copies, fresh or old', async () => {
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    cached.registry.intercept = (_path, response, { authorization }) => {
      if (authorization === 'Bearer good') return false;
      response.writeHead(404).end('{}');
      return true;
    };
    const path = documentPath('@acme/secret');
    expect(await cached.testing.ask(path, bearer('good'))).toMatchObject({ status: 200 });
    for (const asked of [{}, bearer('bad')])
      expect(await cached.testing.ask(path, asked)).toMatchObject({ status: 404 });
    await cached.registry.off();
    for (const asked of [{}, bearer('bad')])
      expect(await cached.testing.ask(path, asked)).toMatchObject({ status: 502 });
    expect(await cached.testing.ask(path, bearer('good'))).toMatchObject({ status: 200 });
    await cached.registry.on();
  });

  it('get what the registry gave without credentials while it does not answer', async () => {
    await cached.testing.ask('/clean');
    await cached.testing.ask(CLEAN);
    await cached.registry.off();
    for (const path of ['/clean', CLEAN])
      expect(await cached.testing.ask(path, bearer('new'))).toMatchObject({ status: 200 });
    await cached.registry.on();
  });

  it.each([401, 403, 404, 410])(
    'lose a package within five minutes after the registry has begun to answer %i',
    async (status) => {
      cached.registry.headers = { 'cache-control': 'max-age=3600' };
      const path = documentPath('@acme/secret');
      const tarball = '/@acme/secret/-/secret-1.0.0.tgz';
      cached.registry.content.set(tarball, clean);
      await cached.testing.ask(path, bearer('good'));
      await cached.testing.ask(tarball, bearer('good'));
      cached.registry.intercept = (_path, response) => {
        response.writeHead(status).end('{}');
        return true;
      };
      later(4 * MINUTE);
      await cached.testing.ask(path, bearer('good'));
      await cached.testing.ask(tarball, bearer('good'));
      later(MINUTE + 1);
      expect(await cached.testing.ask(tarball, bearer('good'))).toMatchObject({ status });
      expect(await cached.testing.ask(path, bearer('good'))).toMatchObject({ status });
      // The copies of this reader are gone, too.
      await cached.registry.off();
      expect(await cached.testing.ask(path, bearer('good'))).toMatchObject({ status: 502 });
      expect(await cached.testing.ask(tarball, bearer('good'))).toMatchObject({ status: 502 });
      await cached.registry.on();
    },
  );
});

describe('after a change through the gateway', () => {
  it.each([
    ['PUT', '/-/package/clean/dist-tags/beta', '"1.0.0"'],
    ['DELETE', '/clean/-rev/1-a', undefined],
  ])('whose answer is lost, a copy is not fresh: %s %s', async (method, path, body) => {
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    await cached.testing.ask('/clean');
    cached.registry.intercept = (asked, response) => {
      if (asked !== path) return false;
      cached.registry.content.delete('/clean');
      response.destroy();
      return true;
    };
    later(1);
    expect(await cached.testing.ask(path, { method, ...(body && { body }) })).toMatchObject({
      status: 502,
    });
    expect(await cached.testing.ask('/clean')).toMatchObject({ status: 404 });
  });

  it('no copy is fresh at another registry of this process with the same address', async () => {
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    const upstream = new URL(cached.registry.url);
    await cached.again({
      registries: [
        { name: 'all', upstream },
        { name: 'accepted', upstream, path: '/accepted/', hideRefused: true },
      ],
    });
    await cached.testing.ask('/accepted/clean');
    cached.registry.publish('clean', clean, '1.0.1');
    cached.registry.intercept = (path, response) => {
      if (!path.includes('dist-tags')) return false;
      response.writeHead(200).end('{}');
      return true;
    };
    later(1);
    const tag = { method: 'PUT', body: '"1.0.1"' };
    await cached.testing.ask('/-/package/clean/dist-tags/latest', tag);
    expect(await versionsOf('/accepted/clean')).toEqual(['1.0.0', '1.0.1']);
  });
});
