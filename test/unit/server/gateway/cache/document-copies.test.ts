/* Copies of documents: for how long they replace a registry that fails, and what is wrong with one keeps nobody waiting. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { ABBREVIATED, CLEAN, later, MINUTE, useCachedDocuments } from './cached-documents.ts';
import { bearer, filesIn, type SwitchedRegistry } from './support.ts';

const HOUR = 60 * MINUTE;

const cached = useCachedDocuments();
const { start, versionsOf } = cached;

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
    await cached.testing.ask('/clean');
    await cached.testing.ask('/evil/-/evil-1.0.0.tgz');
    expect(await cached.testing.ask(CLEAN)).toMatchObject({ status: 200 });
    if (failure === 'off') await cached.registry.off();
    else cached.registry.intercept = failure;
    later(23 * HOUR);
    const { status, headers } = await cached.testing.ask('/clean');
    expect({ status, ...headers }).toMatchObject({
      status: 200,
      age: String(23 * 60 * 60),
      warning: '110 - "Response is Stale"',
    });
    expect(await cached.testing.ask(CLEAN)).toMatchObject({ status: 200 });
    expect(await cached.testing.ask('/clean', ABBREVIATED)).toMatchObject({ status: 200 });
    expect(await cached.testing.ask('/evil/-/evil-1.0.0.tgz')).toMatchObject({ status: 403 });
    for (const path of ['/unknown', '/clean/-/clean-2.0.0.tgz'])
      expect({ path, ...(await cached.testing.ask(path)) }).toMatchObject({ path, status: 502 });
    const notices = cached.testing.log.filter(({ msg }) =>
      /without the registry/.test(String(msg)),
    );
    expect(notices).toHaveLength(1);
    later(HOUR + 1000);
    for (const path of ['/clean', CLEAN, '/evil/-/evil-1.0.0.tgz'])
      expect({ path, ...(await cached.testing.ask(path)) }).toMatchObject({ path, status: 502 });
    if (failure === 'off') await cached.registry.on();
    cached.registry.intercept = () => false;
    later(10_000);
    expect((await cached.testing.ask('/clean')).headers['age']).toBeUndefined();
  });
});

it('a registry that does not answer is waited for a few times, and then not by everybody', async () => {
  await cached.testing.ask('/clean');
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'performance', 'setTimeout'] });
  cached.registry.intercept = () => true;
  const asked = Array.from({ length: 3 }, async () => cached.testing.ask('/clean'));
  await expect.poll(() => cached.registry.log.length).toBe(4);
  later(5_000);
  for (const { status, headers } of await Promise.all(asked))
    expect({ status, ...headers }).toMatchObject({ status: 200, age: '5' });
  for (let i = 0; i < 20; i += 1)
    expect((await cached.testing.ask('/clean')).headers).toMatchObject({ age: '5' });
  expect(cached.registry.log).toHaveLength(4);
  // After a pause, one request asks again.
  cached.registry.intercept = () => false;
  later(2_000);
  expect((await cached.testing.ask('/clean')).headers['age']).toBeUndefined();
  expect((await cached.testing.ask('/clean')).headers['age']).toBeUndefined();
  expect(cached.registry.log).toHaveLength(6);
});

describe('a copy', () => {
  it('that is damaged is replaced', async () => {
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    const { body } = await cached.testing.ask('/clean');
    for (const damage of ['{}', '', 'x'.repeat(20_000), '{"checkedAt":1}\n{}']) {
      await cached.testing.close();
      for (const file of filesIn(cached.folder)) writeFileSync(file, damage);
      await start();
      expect((await cached.testing.ask('/clean')).body.length).toBe(body.length);
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
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    await cached.testing.ask('/clean');
    await cached.testing.close();
    for (const file of filesIn(cached.folder)) {
      const content = readFileSync(file);
      const end = content.indexOf(0x0a);
      const written = { ...(JSON.parse(content.toString('utf8', 0, end)) as object), ...facts };
      writeFileSync(
        file,
        Buffer.concat([Buffer.from(JSON.stringify(written)), content.subarray(end)]),
      );
    }
    await start();
    for (let i = 0; i < 2; i += 1) {
      expect(await cached.testing.ask('/clean')).toMatchObject({ status: 200 });
      expect(await versionsOf('/clean')).toEqual(['1.0.0']);
      later(6 * MINUTE);
    }
    expect(cached.registry.times('/clean')).toBeGreaterThanOrEqual(times);
  });

  it('that does not pass the checks is neither served nor kept', async () => {
    cached.registry.headers = { 'cache-control': 'max-age=300' };
    cached.registry.content.set('/clean', Buffer.from('[1]'));
    for (let i = 0; i < 2; i += 1)
      expect(await cached.testing.ask('/clean')).toMatchObject({ status: 502 });
    expect(cached.registry.times('/clean')).toBe(2);
    await cached.testing.close();
    expect(filesIn(cached.folder)).toEqual([]);
    await start();
  });

  it('from a clock that was ahead is served again once the registry has confirmed it', async () => {
    vi.setSystemTime(Date.now() + 24 * HOUR);
    await cached.testing.ask('/clean');
    vi.setSystemTime(Date.now() - 24 * HOUR);
    await cached.testing.ask('/clean');
    expect(cached.registry.log.map(({ status }) => status)).toEqual([200, 304]);
    await cached.registry.off();
    expect(await versionsOf('/clean')).toEqual(['1.0.0']);
    await cached.registry.on();
  });

  it('contains no credentials', async () => {
    const token = 'npm_secretsecretsecret';
    await cached.testing.ask('/clean', bearer(token));
    await cached.testing.close();
    const files = filesIn(cached.folder);
    expect(files).toHaveLength(1);
    for (const file of files) expect(readFileSync(file, 'latin1')).not.toContain(token);
    await start();
  });
});
