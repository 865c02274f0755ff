/* Gems and modules of go, for which no document promises a digest: the registry confirms them, or the reader gets what it got before. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { freshFolder } from '../../../../support/fresh-folder.ts';
import { makeGem } from '../../../../support/gem/gems.ts';
import { moduleFiles, moduleZip } from '../../../../support/go/module-zip.ts';
import {
  bearer,
  cachedGateway,
  filesIn,
  outcomes,
  switchedRegistry,
  type CachedGateway,
  type SwitchedRegistry,
} from './support.ts';

const HOUR = 60 * 60_000;

const gem = (text: string): Buffer =>
  makeGem({ name: 'clean', files: { 'lib/clean.rb': `# ${text}\n` } }).bytes;
const zip = (text: string): Buffer => {
  const module = 'example.org/clean@v1.0.0';
  return moduleZip({ module, files: moduleFiles('example.org/clean', text) });
};

let folder: string;
let registry: SwitchedRegistry;
let testing: CachedGateway;
freshFolder(async (fresh) => {
  folder = join(fresh, 'cache');
  registry = await switchedRegistry();
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'performance'] });
});
afterEach(() => void vi.useRealTimers());

async function expectSent(path: string, content: Buffer, asked = {}): Promise<void> {
  const { status, body } = await testing.ask(path, asked);
  expect({ status, isSame: body.equals(content) }).toEqual({ status: 200, isSame: true });
}

describe.each([
  ['a gem', 'rubygems', '/gems/clean-1.0.0.gem', gem],
  ['a module of go', 'go', '/example.org/clean/@v/v1.0.0.zip', zip],
] as const)('%s', (_, ecosystem, path, make) => {
  const content = make('first');
  async function start(): Promise<void> {
    registry.content.set(path, content);
    testing = await cachedGateway(registry.url, folder, { ecosystem });
    await expectSent(path, content);
  }

  it('is confirmed by the registry, or fresh, and then comes from the cache', async () => {
    await start();
    await expectSent(path, content);
    expect(registry.log.map(({ status }) => status)).toEqual([200, 304]);
    registry.headers = { 'cache-control': 'max-age=300' };
    await expectSent(path, content);
    await expectSent(path, content);
    expect(registry.log).toHaveLength(3);
    expect(await outcomes(testing)).toEqual({ 'archive hit': 3 });
    expect(testing.inspected.count).toBe(1);
  });

  it('is inspected again if the registry has other bytes', async () => {
    await start();
    registry.content.set(path, make('second'));
    await expectSent(path, make('second'));
    expect(testing.inspected.count).toBe(2);
    registry.content.set(path, Buffer.from('nothing'));
    for (let i = 0; i < 2; i += 1) expect(await testing.ask(path)).toMatchObject({ status: 403 });
  });

  it('comes from the cache up to the limit if the registry does not answer', async () => {
    await start();
    await testing.close();
    testing = await cachedGateway(registry.url, folder, { ecosystem });
    await registry.off();
    await expectSent(path, content);
    await expectSent(path, content, bearer('somebody'));
    vi.advanceTimersByTime(24 * HOUR + 1000);
    expect(await testing.ask(path)).toMatchObject({ status: 502 });
    await registry.on();
  });

  it('comes from the cache if the registry accepts requests but does not answer', async () => {
    await start();
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'performance', 'setTimeout'] });
    registry.intercept = () => true;
    for (let i = 1; i <= 3; i += 1) {
      const asked = expectSent(path, content);
      await expect.poll(() => registry.log.length).toBe(1 + i);
      vi.advanceTimersByTime(5_000);
      await asked;
    }
    for (let i = 0; i < 3; i += 1) await expectSent(path, content);
    expect(registry.log).toHaveLength(4);
    // After a pause, one request asks again.
    registry.intercept = () => false;
    vi.advanceTimersByTime(2_000);
    await expectSent(path, content);
    expect(registry.log).toHaveLength(5);
  });

  it('is waited for if the cache has lost it', async () => {
    await start();
    await testing.close();
    for (const file of filesIn(folder)) if (readFileSync(file).equals(content)) rmSync(file);
    testing = await cachedGateway(registry.url, folder, { ecosystem });
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'performance', 'setTimeout'] });
    registry.intercept = () => true;
    const asked = testing.ask(path);
    await expect.poll(() => registry.log.length).toBe(2);
    vi.advanceTimersByTime(5_000);
    expect(await asked).toMatchObject({ status: 502 });
    registry.intercept = () => false;
    await expectSent(path, content);
    // There was no copy that could have been served instead.
    expect(registry.log[2]?.headers).not.toHaveProperty('if-none-match');
  });

  it('goes to no other reader, and to nobody whom the registry refuses', async () => {
    registry.content.set(path, content);
    testing = await cachedGateway(registry.url, folder, { ecosystem });
    registry.headers = { 'cache-control': 'max-age=3600' };
    registry.intercept = (_path, response, { authorization }) => {
      if (authorization === 'Bearer good') return false;
      response.writeHead(404).end();
      return true;
    };
    await expectSent(path, content, bearer('good'));
    await expectSent(path, content, bearer('good'));
    expect(await testing.ask(path)).toMatchObject({ status: 404 });
    registry.intercept = (_path, response) => {
      response.writeHead(403).end();
      return true;
    };
    vi.advanceTimersByTime(5 * 60_000 + 1);
    expect(await testing.ask(path, bearer('good'))).toMatchObject({ status: 403 });
    await registry.off();
    expect(await testing.ask(path, bearer('good'))).toMatchObject({ status: 502 });
    await registry.on();
  });
});

describe('texts', () => {
  it('of go and of gems are served without the registry, also to requests for a part or a head', async () => {
    registry.content.set('/versions', Buffer.from('created_at: 2020\n---\nclean 1.0.0 x\n'));
    registry.content.set('/info/clean', Buffer.from('---\n1.0.0 |checksum:00\n'));
    testing = await cachedGateway(registry.url, folder, { ecosystem: 'rubygems' });
    for (const path of ['/versions', '/info/clean'])
      expect(await testing.ask(path)).toMatchObject({ status: 200 });
    const { etag } = (await testing.ask('/info/clean')).headers;
    const conditional = { headers: { 'if-none-match': `W/${etag}` } };
    expect(await testing.ask('/info/clean', conditional)).toMatchObject({ status: 304 });
    await registry.off();
    const part = { headers: { range: 'bytes=5-' } };
    for (const asked of [{}, part]) {
      const { status, body, headers } = await testing.ask('/versions', asked);
      expect({ status, ...headers }).toMatchObject({ status: 200, age: '0' });
      expect(body.toString()).toMatch(/^created_at/);
    }
    expect(await testing.ask('/info/clean', conditional)).toMatchObject({ status: 304 });
    expect(await testing.ask('/info/clean', { method: 'HEAD' })).toMatchObject({ status: 200 });
    expect(await testing.ask('/info/other')).toMatchObject({ status: 502 });
    await registry.on();
  });

  it('are not waited for if the registry is silent, also for a part', async () => {
    registry.content.set('/versions', Buffer.from('created_at: 2020\n---\nclean 1.0.0 x\n'));
    testing = await cachedGateway(registry.url, folder, { ecosystem: 'rubygems' });
    expect(await testing.ask('/versions')).toMatchObject({ status: 200 });
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'performance', 'setTimeout'] });
    registry.intercept = () => true;
    const part = { headers: { range: 'bytes=5-' } };
    const asking = [part, part, { method: 'HEAD' }].map(async (asked) =>
      testing.ask('/versions', asked),
    );
    await expect.poll(() => registry.log.length).toBe(4);
    vi.advanceTimersByTime(5_000);
    for (const { status, headers } of await Promise.all(asking))
      expect({ status, ...headers }).toMatchObject({ status: 200, age: '5' });
    expect(await testing.ask('/versions', part)).toMatchObject({ status: 200 });
    expect(registry.log).toHaveLength(4);
  });

  it('of a module proxy are served without it', async () => {
    registry.content.set('/example.org/clean/@v/list', Buffer.from('v1.0.0\n'));
    testing = await cachedGateway(registry.url, folder, { ecosystem: 'go' });
    expect(await testing.ask('/example.org/clean/@v/list')).toMatchObject({ status: 200 });
    await registry.off();
    const { status, body, headers } = await testing.ask('/example.org/clean/@v/list');
    expect({ status, text: body.toString(), ...headers }).toMatchObject({
      status: 200,
      text: 'v1.0.0\n',
      warning: '110 - "Response is Stale"',
    });
    await registry.on();
  });
});
