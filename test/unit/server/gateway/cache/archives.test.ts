/* Archives from the cache: with and without the registry, only for whom it shows them to, and in memory no longer than needed. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '@tarwarden/core';
import { ArchiveCache } from '../../../../../packages/server/src/gateway/cache/archive-cache.ts';
import { FolderStore } from '../../../../../packages/server/src/gateway/cache/folder-store.ts';
import { HotContent } from '../../../../../packages/server/src/gateway/cache/hot-content.ts';
import { openCache } from '../../../../../packages/server/src/gateway/cache/open-cache.ts';
import { openGate } from '../../../../../packages/server/src/gateway/open-gate.ts';
import { tgz } from '../../../../support/pkg.ts';
import { sri } from '../../../../support/registry.ts';
import { ANY_REGISTRY, clean, hostile } from '../support.ts';
import { LARGE, large, useCachedArchives } from './cached-archives.ts';
import { bearer, documentPath, filesIn, outcomes, switchedRegistry } from './support.ts';

const unexpected = (error: unknown): never => expect.unreachable(String(error));
const CLEAN = '/clean/-/clean-1.0.0.tgz';
const EVIL = '/evil/-/evil-1.0.0.tgz';

const cached = useCachedArchives();
const { again, expectSent } = cached;

/** Waits until the cache has an archive: it is written beside the answer. */
async function kept(content: Buffer): Promise<void> {
  const isKept = (): boolean =>
    filesIn(cached.folder).some((file) => readFileSync(file).equals(content));
  await expect.poll(isKept).toBe(true);
}

describe('with the registry off', () => {
  it.each([
    [CLEAN, clean],
    [LARGE, large],
  ])('%s installs once it was accepted, also after a new start', async (path, body) => {
    await expectSent(path, body);
    await kept(body);
    await cached.registry.off();
    await expectSent(path, body);
    await again();
    const { headers } = await cached.testing.ask(path);
    expect(headers['content-length']).toBe(String(body.length));
    await expectSent(path, body);
    // The new gateway has no verdict, so it inspected what the cache has.
    expect(cached.testing.inspected.count).toBe(1);
    await cached.registry.on();
  });

  it('a hostile archive stays refused, and one that nobody got is not there', async () => {
    expect(await cached.testing.ask(EVIL)).toMatchObject({ status: 403 });
    await cached.registry.off();
    expect(await cached.testing.ask(EVIL)).toMatchObject({ status: 403 });
    expect(await cached.testing.ask(CLEAN)).toMatchObject({ status: 502 });
    expect(filesIn(cached.folder).some((file) => readFileSync(file).includes(hostile))).toBe(false);
    await cached.registry.on();
  });

  it('a policy that has become stricter refuses what is kept', async () => {
    await expectSent(CLEAN, clean);
    await cached.registry.off();
    const limits = { ...DEFAULT_POLICY.limits, entries: 1 };
    await again({ policy: { ...DEFAULT_POLICY, limits } });
    expect(await cached.testing.ask(CLEAN)).toMatchObject({ status: 403 });
    await cached.registry.on();
  });

  it('a policy that changes while it runs refuses what is in memory', async () => {
    let policy = DEFAULT_POLICY;
    await again({ policy: () => policy });
    for (let i = 0; i < 2; i += 1) await expectSent(CLEAN, clean);
    expect(await outcomes(cached.testing)).toMatchObject({ 'archive memory': 1 });
    policy = { ...DEFAULT_POLICY, limits: { ...DEFAULT_POLICY.limits, entries: 1 } };
    expect(await cached.testing.ask(CLEAN)).toMatchObject({ status: 403 });
  });
});

describe('users', () => {
  it('get an archive of the cache only if the registry shows them the document', async () => {
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    cached.registry.intercept = (path, response, { authorization }) => {
      if (!path.startsWith('/clean') || authorization === 'Bearer good') return false;
      response.writeHead(401).end('{}');
      return true;
    };
    await expectSent(CLEAN, clean, bearer('good'));
    await expectSent(CLEAN, clean, bearer('good'));
    expect(cached.registry.times(CLEAN)).toBe(1);
    for (const asked of [{}, bearer('bad')])
      expect(await cached.testing.ask(CLEAN, asked)).toMatchObject({ status: 401 });
    await cached.registry.off();
    for (const asked of [{}, bearer('bad')])
      expect(await cached.testing.ask(CLEAN, asked)).toMatchObject({ status: 502 });
    await cached.registry.on();
  });

  it('do not get an archive by its digest in the document of another package', async () => {
    const secret = tgz({ name: '@acme/secret', files: { 'key.txt': 'secret' } });
    cached.registry.publish('@acme/secret', secret);
    const path = '/@acme/secret/-/secret-1.0.0.tgz';
    await expectSent(path, secret, bearer('good'));
    // Somebody who knows the digest, from a lockfile, and may publish.
    const own = '/own/-/own-1.0.0.tgz';
    for (const tarball of [own, path]) {
      const dist = { tarball: cached.registry.url + tarball, integrity: sri(secret) };
      const versions = { '1.0.0': { name: 'own', version: '1.0.0', dist } };
      cached.registry.content.set(documentPath('own'), { name: 'own', versions });
      cached.registry.content.set(own, clean);
      cached.registry.intercept = (asked, response, { authorization }) => {
        if (!asked.includes('secret') || authorization === 'Bearer good') return false;
        response.writeHead(403).end('{}');
        return true;
      };
      await again();
      const { status, body } = await cached.testing.ask(own);
      expect([403, 502]).toContain(status);
      expect(body.toString()).not.toMatch(/secret@|@acme/);
    }
  });
});

it('an exception that has ended refuses what is in memory', async () => {
  const sha512 = hash('sha512', hostile);
  const day = '2026-11-30';
  const exception = { package: 'evil@1.0.0', rule: 'symlink', sha512, reason: 'x', expires: day };
  let policy: Policy = {
    ...DEFAULT_POLICY,
    today: day,
    exceptions: [exception as Policy['exceptions'][number]],
  };
  await again({ policy: () => policy });
  for (let i = 0; i < 2; i += 1) await expectSent(EVIL, hostile);
  expect(await outcomes(cached.testing)).toMatchObject({ 'archive memory': 1 });
  policy = { ...policy, today: '2026-12-01' };
  expect(await cached.testing.ask(EVIL)).toMatchObject({ status: 403 });
});

it('a registry does not get an archive of another registry by its address', async () => {
  const secret = tgz({ name: '@acme/secret', files: { 'key.txt': 'secret' } });
  cached.registry.publish('@acme/secret', secret);
  const path = '/@acme/secret/-/secret-1.0.0.tgz';
  cached.registry.intercept = (_path, response, { authorization }) => {
    if (authorization === 'Bearer good') return false;
    response.writeHead(401).end('{}');
    return true;
  };
  // Somebody who knows the digest, from a lockfile, and may publish elsewhere.
  const other = await switchedRegistry();
  other.content.set(
    documentPath('@acme/secret'),
    cached.registry.content.get(documentPath('@acme/secret'))!,
  );
  const allowed = [new URL(cached.registry.url).host];
  await again({
    registries: [
      { name: 'private', upstream: new URL(cached.registry.url), path: '/private/' },
      { name: 'other', upstream: new URL(other.url), path: '/other/' },
      { name: 'open', upstream: new URL(other.url), path: '/open/', allowedHosts: allowed },
    ],
  });
  await expectSent(`/private${path}`, secret, bearer('good'));
  for (const asked of [{}, bearer('bad')]) {
    expect(await cached.testing.ask(`/private${path}`, asked)).toMatchObject({ status: 401 });
    expect(await cached.testing.ask(`/other${path}`, asked)).toMatchObject({ status: 403 });
    expect(await cached.testing.ask(`/open${path}`, asked)).toMatchObject({ status: 401 });
  }
  await other.off();
});

it('an archive in memory is released when its answers end, and large ones are not in memory', async () => {
  const hot = new HotContent(clean.length);
  const other = openCache({ storage: `${cached.folder}-2`, env: {}, onError: unexpected });
  const store = new FolderStore({ folder: cached.folder, bytesMax: 1e9, onError: unexpected });
  const archives = new ArchiveCache(store, hot);
  await again({ cache: { archives, documents: other.documents } });
  for (let i = 0; i < 3; i += 1) {
    await expectSent(CLEAN, clean);
    await expectSent(LARGE, large);
    expect(await cached.testing.ask(CLEAN, { method: 'HEAD' })).toMatchObject({ status: 200 });
  }
  expect(await outcomes(cached.testing)).toMatchObject({ 'archive memory': 2, 'archive hit': 2 });
  // There is room for new content only if nothing of the old is in use.
  hot.add('new', Buffer.alloc(1));
  expect(hot.take('new')).toBeDefined();
  await Promise.all([archives.close(), store.close(), other.close()]);
});

it('a client that is gone does not keep an archive in memory', async () => {
  const hot = new HotContent(clean.length);
  hot.add('a', clean);
  const gate = openGate({
    policy: DEFAULT_POLICY,
    env: { XDG_CACHE_HOME: cached.folder, HOME: cached.folder },
    threads: { inspect: unexpected, inspectFile: unexpected },
    spoolParent: cached.folder,
    cache: {
      archives: { hot: () => hot.take('a') } as unknown as ArchiveCache,
      documents: {} as never,
    },
  });
  const wanted = {
    identity: { format: 'npm', name: 'clean', version: '1.0.0' },
    promised: { sha512: '00' },
    registry: ANY_REGISTRY,
    location: 'http://localhost/',
    reader: '',
    open: unexpected,
  } as const;
  for (const gone of [AbortSignal.abort(), new AbortController().signal]) {
    const { content, release } = await gate.gate.land(wanted, gone, true);
    expect(content).toBeDefined();
    if (!gone.aborted) release();
    hot.add('b', Buffer.alloc(1));
    expect(hot.take('b')?.release()).toBeUndefined();
    hot.delete('b');
    hot.add('a', clean);
  }
  gate.close();
});
