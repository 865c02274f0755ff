/* Archives from the cache: nothing that is in its folder gets past the digest and the verdict. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { hash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '@tarwarden/core';
import { ArchiveCache } from '../../../../../packages/server/src/gateway/cache/archive-cache.ts';
import { FolderStore } from '../../../../../packages/server/src/gateway/cache/folder-store.ts';
import { HotContent } from '../../../../../packages/server/src/gateway/cache/hot-content.ts';
import { openCache } from '../../../../../packages/server/src/gateway/cache/open-cache.ts';
import { openGate } from '../../../../../packages/server/src/gateway/open-gate.ts';
import { freshFolder } from '../../../../support/fresh-folder.ts';
import { tgz } from '../../../../support/pkg.ts';
import { sri } from '../../../../support/registry.ts';
import { ANY_REGISTRY, clean, hostile } from '../support.ts';
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

const unexpected = (error: unknown): never => expect.unreachable(String(error));
const CLEAN = '/clean/-/clean-1.0.0.tgz';
const EVIL = '/evil/-/evil-1.0.0.tgz';
const LARGE = '/large/-/large-1.0.0.tgz';
/** Longer than what is kept in memory. */
const large = tgz({ name: 'large', files: { 'a.bin': randomBytes(1200 * 1024) } });

let folder: string;
let registry: SwitchedRegistry;
let testing: CachedGateway;
freshFolder(async (fresh) => {
  folder = join(fresh, 'cache');
  registry = await switchedRegistry();
  registry.publish('clean', clean);
  registry.publish('evil', hostile);
  registry.publish('large', large);
  testing = await cachedGateway(registry.url, folder);
});
afterEach(async () => {
  await testing.close();
  await registry.off();
});

/** The same user's next gateway, with nothing in its memory. */
async function again(options: Parameters<typeof cachedGateway>[2] = {}): Promise<void> {
  await testing.close();
  testing = await cachedGateway(registry.url, folder, options);
}

async function expectSent(path: string, content: Buffer, asked = {}): Promise<void> {
  const { status, body } = await testing.ask(path, asked);
  expect({ path, status, isSame: body.equals(content) }).toEqual({
    path,
    status: 200,
    isSame: true,
  });
}

/** Waits until the cache has an archive: it is written beside the answer. */
async function kept(content: Buffer): Promise<void> {
  const isKept = (): boolean => filesIn(folder).some((file) => readFileSync(file).equals(content));
  await expect.poll(isKept).toBe(true);
}

describe('with the registry off', () => {
  it.each([
    [CLEAN, clean],
    [LARGE, large],
  ])('%s installs once it was accepted, also after a new start', async (path, body) => {
    await expectSent(path, body);
    await kept(body);
    await registry.off();
    await expectSent(path, body);
    await again();
    const { headers } = await testing.ask(path);
    expect(headers['content-length']).toBe(String(body.length));
    await expectSent(path, body);
    // The new gateway has no verdict, so it inspected what the cache has.
    expect(testing.inspected.count).toBe(1);
    await registry.on();
  });

  it('a hostile archive stays refused, and one that nobody got is not there', async () => {
    expect(await testing.ask(EVIL)).toMatchObject({ status: 403 });
    await registry.off();
    expect(await testing.ask(EVIL)).toMatchObject({ status: 403 });
    expect(await testing.ask(CLEAN)).toMatchObject({ status: 502 });
    expect(filesIn(folder).some((file) => readFileSync(file).includes(hostile))).toBe(false);
    await registry.on();
  });

  it('a policy that has become stricter refuses what is kept', async () => {
    await expectSent(CLEAN, clean);
    await registry.off();
    const limits = { ...DEFAULT_POLICY.limits, entries: 1 };
    await again({ policy: { ...DEFAULT_POLICY, limits } });
    expect(await testing.ask(CLEAN)).toMatchObject({ status: 403 });
    await registry.on();
  });

  it('a policy that changes while it runs refuses what is in memory', async () => {
    let policy = DEFAULT_POLICY;
    await again({ policy: () => policy });
    for (let i = 0; i < 2; i += 1) await expectSent(CLEAN, clean);
    expect(await outcomes(testing)).toMatchObject({ 'archive memory': 1 });
    policy = { ...DEFAULT_POLICY, limits: { ...DEFAULT_POLICY.limits, entries: 1 } };
    expect(await testing.ask(CLEAN)).toMatchObject({ status: 403 });
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
  expect(await outcomes(testing)).toMatchObject({ 'archive memory': 1 });
  policy = { ...policy, today: '2026-12-01' };
  expect(await testing.ask(EVIL)).toMatchObject({ status: 403 });
});

/** Ways in which somebody who can write to the folder, or a bad disk, changes a file of it. */
const DAMAGES: Readonly<Record<string, (file: string) => void>> = {
  'a hostile archive': (file) => writeFileSync(file, hostile),
  'nothing in it': (file) => truncateSync(file),
  'an end that is missing': (file) => truncateSync(file, large.length - 1),
  'more behind it': (file) => appendFileSync(file, 'x'),
  'one other bit': (file) => {
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
  },
  'a link in its place': (file) => {
    unlinkSync(file);
    symlinkSync('/etc/hostname', file);
  },
  'a pipe in its place': (file) => {
    unlinkSync(file);
    execFileSync('mkfifo', [file]);
  },
  'no folder around it': (file) => rmSync(join(file, '..'), { recursive: true }),
};

describe('a file of the cache with', () => {
  it.each(Object.entries(DAMAGES))('%s is replaced by what the registry has', async (_, damage) => {
    await expectSent(LARGE, large);
    await again();
    damage(filesIn(folder)[0]!);
    await expectSent(LARGE, large);
    expect(registry.times(LARGE)).toBe(2);
    expect(await testing.ask('/-/tarwarden/healthz')).toMatchObject({ status: 200 });
    await again();
    await registry.off();
    await expectSent(LARGE, large);
    await registry.on();
    expect(testing.failures).toEqual([]);
  });

  it('more bytes than an archive may have is replaced by what the registry has', async () => {
    const limits = { ...DEFAULT_POLICY.limits, unpackedBytes: 2 * large.length };
    const options = { policy: { ...DEFAULT_POLICY, limits } };
    await again(options);
    await expectSent(LARGE, large);
    await again(options);
    truncateSync(filesIn(folder)[0]!, limits.unpackedBytes + 1);
    await expectSent(LARGE, large);
    expect(registry.times(LARGE)).toBe(2);
  });

  it.each(['a hostile archive', 'one other bit'])(
    '%s is not sent if the registry is off',
    async (name) => {
      const damage = DAMAGES[name]!;
      await expectSent(LARGE, large);
      await again();
      damage(filesIn(folder)[0]!);
      await registry.off();
      const { status, body } = await testing.ask(LARGE);
      expect(status).toBe(502);
      expect(body.length).toBeLessThan(500);
      await registry.on();
    },
  );
});

describe('users', () => {
  it('get an archive of the cache only if the registry shows them the document', async () => {
    registry.headers = { 'cache-control': 'max-age=300' };
    registry.intercept = (path, response, { authorization }) => {
      if (!path.startsWith('/clean') || authorization === 'Bearer good') return false;
      response.writeHead(401).end('{}');
      return true;
    };
    await expectSent(CLEAN, clean, bearer('good'));
    await expectSent(CLEAN, clean, bearer('good'));
    expect(registry.times(CLEAN)).toBe(1);
    for (const asked of [{}, bearer('bad')])
      expect(await testing.ask(CLEAN, asked)).toMatchObject({ status: 401 });
    await registry.off();
    for (const asked of [{}, bearer('bad')])
      expect(await testing.ask(CLEAN, asked)).toMatchObject({ status: 502 });
    await registry.on();
  });

  it('do not get an archive by its digest in the document of another package', async () => {
    const secret = tgz({ name: '@acme/secret', files: { 'key.txt': 'secret' } });
    registry.publish('@acme/secret', secret);
    const path = '/@acme/secret/-/secret-1.0.0.tgz';
    await expectSent(path, secret, bearer('good'));
    // Somebody who knows the digest, from a lockfile, and may publish.
    const own = '/own/-/own-1.0.0.tgz';
    for (const tarball of [own, path]) {
      const dist = { tarball: registry.url + tarball, integrity: sri(secret) };
      const versions = { '1.0.0': { name: 'own', version: '1.0.0', dist } };
      registry.content.set(documentPath('own'), { name: 'own', versions });
      registry.content.set(own, clean);
      registry.intercept = (asked, response, { authorization }) => {
        if (!asked.includes('secret') || authorization === 'Bearer good') return false;
        response.writeHead(403).end('{}');
        return true;
      };
      await again();
      const { status, body } = await testing.ask(own);
      expect([403, 502]).toContain(status);
      expect(body.toString()).not.toMatch(/secret@|@acme/);
    }
  });
});

it('a registry does not get an archive of another registry by its address', async () => {
  const secret = tgz({ name: '@acme/secret', files: { 'key.txt': 'secret' } });
  registry.publish('@acme/secret', secret);
  const path = '/@acme/secret/-/secret-1.0.0.tgz';
  registry.intercept = (_path, response, { authorization }) => {
    if (authorization === 'Bearer good') return false;
    response.writeHead(401).end('{}');
    return true;
  };
  // Somebody who knows the digest, from a lockfile, and may publish elsewhere.
  const other = await switchedRegistry();
  other.content.set(
    documentPath('@acme/secret'),
    registry.content.get(documentPath('@acme/secret'))!,
  );
  const allowed = [new URL(registry.url).host];
  await again({
    registries: [
      { name: 'private', upstream: new URL(registry.url), path: '/private/' },
      { name: 'other', upstream: new URL(other.url), path: '/other/' },
      { name: 'open', upstream: new URL(other.url), path: '/open/', allowedHosts: allowed },
    ],
  });
  await expectSent(`/private${path}`, secret, bearer('good'));
  for (const asked of [{}, bearer('bad')]) {
    expect(await testing.ask(`/private${path}`, asked)).toMatchObject({ status: 401 });
    expect(await testing.ask(`/other${path}`, asked)).toMatchObject({ status: 403 });
    expect(await testing.ask(`/open${path}`, asked)).toMatchObject({ status: 401 });
  }
  await other.off();
});

it('an archive in memory is released when its answers end, and large ones are not in memory', async () => {
  const hot = new HotContent(clean.length);
  const other = openCache({ storage: `${folder}-2`, env: {}, onError: unexpected });
  const store = new FolderStore({ folder, bytesMax: 1e9, onError: unexpected });
  const archives = new ArchiveCache(store, hot);
  await testing.close();
  const cache = { archives, documents: other.documents };
  testing = await cachedGateway(registry.url, folder, { cache });
  for (let i = 0; i < 3; i += 1) {
    await expectSent(CLEAN, clean);
    await expectSent(LARGE, large);
    expect(await testing.ask(CLEAN, { method: 'HEAD' })).toMatchObject({ status: 200 });
  }
  expect(await outcomes(testing)).toMatchObject({ 'archive memory': 2, 'archive hit': 2 });
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
    env: { XDG_CACHE_HOME: folder, HOME: folder },
    threads: { inspect: unexpected, inspectFile: unexpected },
    onError: unexpected,
    spoolParent: folder,
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
