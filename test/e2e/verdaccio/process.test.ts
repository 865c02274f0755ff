/* A real verdaccio behind the gateway that is asked in odd ways, killed, and reached by other addresses. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificates } from '../../support/certificates.ts';
import { attacks } from '../../support/attacks.ts';
import { payload } from '../../support/payload.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { storedFiles } from './storage.ts';
import { configure, get, oldest, signUp, startGuarded, type Got } from './support.ts';

type Guarded = Awaited<ReturnType<typeof startGuarded>>;

const errors = attacks.filter(({ level }) => level === 'error');
const HOSTILE = payload('evil');
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let registry: Registry;
let sandbox: Sandbox;
let config: string;
let running: Guarded;
let token: string;
beforeAll(async () => {
  registry = await startRegistry();
  registry.publish({ name: 'clean' });
  registry.publish({ name: '@own/neat' });
  registry.publish({ name: 'evil', tgz: HOSTILE });
  registry.publish({ name: '@own/evil', tgz: HOSTILE });
  // More than the system takes for a client that does not read.
  const files = { a: randomBytes(16e6) };
  registry.publish({ name: 'large', tgz: tgz({ name: 'large', files }) });
  for (const one of errors) {
    const name = `attack-${one.id}`;
    registry.publish({ name, tgz: one.build({ name }) });
  }
  sandbox = makeSandbox();
  config = configure(sandbox, registry.url);
  running = await startGuarded(sandbox, config);
  token = await signUp(running.url, 'somebody');
});
afterAll(async () => {
  await running.end('SIGTERM');
  await registry.close();
  sandbox.dispose();
});

const tarball = (name: string): string => `/${name}/-/${name.replace(/^@[^/]*\//, '')}-1.0.0.tgz`;
const ask = async (path: string, headers: Record<string, string> = {}): Promise<Got> =>
  get(running.url, path, { headers });

test('every attack is refused, cold and warm', async () => {
  for (const _ of ['cold', 'warm'])
    for (const { id } of errors) {
      const { status } = await ask(tarball(`attack-${id}`));
      expect({ id, status }).toEqual({ id, status: 403 });
    }
});

describe('addresses', () => {
  test('no spelling of one gives out what is hostile', async () => {
    // verdaccio has both on its disk.
    expect((await ask(tarball('evil'))).status).toBe(403);
    expect((await ask(tarball('@own/evil'))).status).toBe(403);
    const spelled = [
      '/evil/-/evil-1.0.0.tgz?x=/-/static/a',
      '/evil/-/evil-1.0.0.tgz/',
      '//evil/-/evil-1.0.0.tgz',
      '/evil//-/evil-1.0.0.tgz',
      '/evil/-//evil-1.0.0.tgz',
      '/evil/%2d/evil-1.0.0.tgz',
      '/%65vil/-/evil-1.0.0.tgz',
      '/evil%2f-%2fevil-1.0.0.tgz',
      '/evil/-%2fevil-1.0.0.tgz',
      '/evil/-/evil-1.0.0.tgz;x',
      '/evil;x/-/evil-1.0.0.tgz',
      '/EVIL/-/evil-1.0.0.tgz',
      '/evil/-/EVIL-1.0.0.TGZ',
      '/evil\\-\\evil-1.0.0.tgz',
      '/evil/-/evil-1.0.0.tgz%00',
      '/evil/-/x/../evil-1.0.0.tgz',
      '/./evil/-/evil-1.0.0.tgz',
      '/-/../evil/-/evil-1.0.0.tgz',
      '/-/static/../../evil/-/evil-1.0.0.tgz',
      '/-/static/..%2f..%2fevil/-/evil-1.0.0.tgz',
      '/-/web/../../evil/-/evil-1.0.0.tgz',
      '/-/web/%2e%2e/%2e%2e/evil/-/evil-1.0.0.tgz',
      '/-/web/evil/-/evil-1.0.0.tgz',
      '/-/static/evil/-/evil-1.0.0.tgz',
      '/-/verdaccio/data/../../../evil/-/evil-1.0.0.tgz',
      '/-/verdaccio/data/..%2f..%2f..%2fevil/-/evil-1.0.0.tgz',
      '/-/evil/-/evil-1.0.0.tgz',
      '/-/npm/v1/../../../evil/-/evil-1.0.0.tgz',
      '/@own/evil/-/evil-1.0.0.tgz',
      '/@own%2fevil/-/evil-1.0.0.tgz',
      '/@own%2Fevil/-/@own/evil-1.0.0.tgz',
      '/@own/evil/-/@own/evil-1.0.0.tgz',
      '/@own/evil/-/@own%2fevil-1.0.0.tgz',
      '/@own%252fevil/-/evil-1.0.0.tgz',
      '/%40own/evil/-/evil-1.0.0.tgz',
      'http://localhost/evil/-/evil-1.0.0.tgz',
      'http://localhost/-/static/x/../../../evil/-/evil-1.0.0.tgz',
    ];
    for (const path of spelled)
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
        const got = await get(running.url, path, { method }).catch(() => undefined);
        const leaks = got !== undefined && got.body.includes(HOSTILE.subarray(0, 100));
        expect({ method, path, leaks }).toEqual({ method, path, leaks: false });
        if (method === 'GET' && !/^\/-\/(?:web|static)\/evil\//.test(path))
          expect({ path, ok: got?.status === 200 }).toEqual({ path, ok: false });
      }
  });

  test('a client cannot say that it is the gateway', async () => {
    const headers = { 'x-tarwarden-peer': 'tls 127.0.0.1', via: '1.1 tarwarden' };
    expect((await ask(tarball('evil'), headers)).status).toBe(403);
  });

  test('of tarballs are those that verdaccio writes', async () => {
    const address = async (headers: Record<string, string>): Promise<unknown> => {
      const { body } = await ask('/@own%2fneat', headers);
      const { versions } = JSON.parse(body.toString()) as {
        versions: Record<string, { dist: { tarball: string } }>;
      };
      return versions['1.0.0']?.dist.tarball;
    };
    const { host } = new URL(running.url);
    expect(await address({})).toBe(`http://${host}/@own/neat/-/neat-1.0.0.tgz`);
    expect(await address({ host: 'npm.example.com' })).toBe(
      'http://npm.example.com/@own/neat/-/neat-1.0.0.tgz',
    );
    expect(await address({ host: 'npm.example.com', 'x-forwarded-proto': 'https' })).toBe(
      'https://npm.example.com/@own/neat/-/neat-1.0.0.tgz',
    );
  });
});

describe('the web interface', () => {
  test('is there, with what it asks for', async () => {
    const page = await ask('/');
    expect(page.headers['content-type']).toMatch(/html/);
    const files = [...page.body.toString().matchAll(/\/-\/static\/[\w./-]+\.js/g)];
    expect(files.length).toBeGreaterThan(0);
    for (const [file] of files) expect((await ask(file)).status).toBe(200);
    expect((await ask('/-/web/detail/clean')).status).toBe(200);
    expect((await ask('/-/verdaccio/data/packages')).status).toBe(200);
    expect((await ask('/-/verdaccio/data/sidebar/clean')).status).toBe(200);
    const body = JSON.stringify({ username: 'somebody', password: 'somebody-secret-1' });
    const signed = await get(running.url, '/-/verdaccio/sec/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
      body,
    });
    expect(signed.status).toBe(200);
    expect(signed.body.toString()).toContain('token');
  });

  test('has no text that a reader of tar unpacks', async () => {
    const { status, body } = await ask('/-/verdaccio/data/package/readme/clean');
    expect({ status, text: body.toString() }).toMatchObject({ status: 200 });
  });
});

test('a user is in verdaccio’s log at the client’s address, and no token is in any', async () => {
  await ask('/-/whoami', { authorization: `Bearer ${token}` });
  await expect.poll(() => running.log.join('\n')).toMatch(/127\.0\.0\.1/);
  expect(running.log.join('\n')).not.toContain(token);
});

test('killed, it completes nothing that is hostile, and goes on with what it has', async () => {
  const own = makeSandbox();
  const file = configure(own, registry.url);
  let one = await startGuarded(own, file);
  const wanted = ['large', 'evil', 'clean'];
  const pending = wanted.map((name) => get(one.url, tarball(name)).catch(() => undefined));
  await one.end('SIGKILL');
  for (const got of await Promise.all(pending))
    expect(got?.body.includes(HOSTILE.subarray(0, 100)) ?? false).toBe(false);
  one = await startGuarded(own, file);
  expect((await get(one.url, tarball('large'))).status).toBe(200);
  expect((await get(one.url, tarball('evil'))).status).toBe(403);
  expect(await one.end('SIGTERM')).toBe(0);
  own.dispose();
});

test('a tarball is not written by an older way to publish', async () => {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/octet-stream',
    'content-length': String(HOSTILE.length),
  };
  for (const path of ['/raw/-/raw-1.0.0.tgz', '/raw/-/raw-1.0.0.tgz/-rev/1', '/raw/1.0.0/-tag/x']) {
    const { status } = await get(running.url, path, { method: 'PUT', headers, body: HOSTILE });
    expect({ path, status }).toEqual({ path, status: 404 });
  }
  expect(storedFiles(config).filter((path) => path.startsWith('raw'))).toEqual([]);
});

test('clients that read slowly keep nobody waiting', async () => {
  expect((await ask(tarball('large'))).status).toBe(200);
  const { hostname, port } = new URL(running.url);
  const slow = await Promise.all(
    Array.from({ length: 70 }, async () => {
      const sent = request({ hostname, port, path: tarball('large'), agent: false }).end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      answer.on('error', () => undefined);
      return answer;
    }),
  );
  expect(slow.map(({ statusCode }) => statusCode)).toEqual(slow.map(() => 200));
  expect((await ask(tarball('clean'))).status).toBe(200);
  for (const answer of slow) answer.destroy();
});

test('a document that a client has is not sent again', async () => {
  let etag = '';
  const again = async (headers = {}): Promise<Got> =>
    ask('/clean', { 'if-none-match': etag, ...headers });
  // verdaccio numbers a document anew where it has asked its uplink meanwhile.
  const status = async (): Promise<number> => {
    etag = (await ask('/clean')).headers.etag!;
    return (await again()).status;
  };
  await expect.poll(status, { timeout: 30_000 }).toBe(304);
  expect((await again()).body).toHaveLength(0);
  // At another address it is another document.
  expect((await again({ host: 'npm.example.com' })).status).toBe(200);
});

test('by https', { tags: ['openssl'] }, async () => {
  const own = makeSandbox();
  const { ca, files } = makeCertificates(join(own.root, 'certificates'));
  const https = { key: files.key, cert: files.cert };
  const middlewares = { tarwarden: { hide_refused: true } };
  const one = await startGuarded(own, configure(own, registry.url, { https, middlewares }), {
    listen: ['https://127.0.0.1:0', 'https://127.0.0.1:0'],
  });
  for (const url of one.urls) {
    const { body } = await get(url, '/clean', { ca });
    expect(body.toString()).toContain(`"${url}/clean/-/clean-1.0.0.tgz"`);
    expect((await get(url, tarball('clean'), { ca })).status).toBe(200);
    expect((await get(url, tarball('evil'), { ca })).status).toBe(403);
    expect((await get(url, '/evil', { ca })).body.toString()).not.toContain('1.0.0');
  }
  expect(await one.end('SIGTERM')).toBe(0);
  own.dispose();
});

test('at a public address, a prefix, several places and a socket', async () => {
  const own = makeSandbox();
  const socket = join(own.root, 'v.sock');
  const one = await startGuarded(own, configure(own, registry.url, { url_prefix: '/npm/' }), {
    release: oldest,
    env: { VERDACCIO_PUBLIC_URL: 'https://packages.example.com' },
    listen: ['127.0.0.1:0', '127.0.0.1:0', `unix:${socket}`],
  });
  const addresses = [{}, {}, { socketPath: socket }].map((to, index) => ({ to, index }));
  for (const { to, index } of addresses) {
    const url = index === 2 ? one.urls[0]! : one.urls[index]!;
    const { body } = await get(url, '/clean', to);
    expect(body.toString()).toContain('"https://packages.example.com/npm/clean/-/clean-1.0.0.tgz"');
    expect((await get(url, tarball('evil'), to)).status).toBe(403);
    expect(digest((await get(url, tarball('clean'), to)).body)).toBe(
      digest(tgz({ name: 'clean' })),
    );
  }
  expect(await one.end('SIGTERM')).toBe(0);
  own.dispose();
});
