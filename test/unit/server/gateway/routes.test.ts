/* One server with several registries: each request reaches the registry that its host and path name, or none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type Registry } from '../../../support/registry.ts';
import { Routes } from '../../../../packages/server/src/gateway/routes.ts';
import { jsonOf, registryForTest, startGateway, type Testing } from './support.ts';

const routes = new Routes([
  { path: '/', target: 'npm' },
  { path: '/npm/', target: 'prefixed' },
  { path: '/npm/more/', target: 'longer' },
  { host: 'gems.example.com', path: '/', target: 'gems' },
  { host: 'gems.example.com', path: '/old/', target: 'old gems' },
]);

function choose(url: string, host?: string, rawHeaders: string[] = []): unknown {
  const chosen = routes.choose({ url, headers: { host }, rawHeaders });
  return chosen && [chosen.target, chosen.below];
}

describe('the route of a request', () => {
  it.each([
    ['/clean', 'example.com', ['npm', '/clean']],
    ['/npm/clean', 'example.com', ['prefixed', '/clean']],
    ['/npm/', 'example.com', ['prefixed', '/']],
    ['/npm/more/clean?x=1', 'example.com', ['longer', '/clean?x=1']],
    // A package of this name, and not the registry below it.
    ['/npm', 'example.com', ['npm', '/npm']],
    ['/npm?/npm/more/', 'example.com', ['npm', '/npm?/npm/more/']],
    ['/NPM/clean', 'example.com', ['npm', '/NPM/clean']],
    ['//npm/clean', 'example.com', ['npm', '//npm/clean']],
    ['/%6epm/clean', 'example.com', ['npm', '/%6epm/clean']],
    ['/x/../npm/clean', 'example.com', ['npm', '/x/../npm/clean']],
    ['/npm//clean', 'example.com', ['prefixed', '//clean']],
    ['/npm/../clean', 'example.com', ['prefixed', '/../clean']],
    ['http://example.com/npm/clean', 'example.com', undefined],
    ['http://gems.example.com/gems/x.gem', 'example.com', undefined],
    ['*', 'example.com', undefined],
    ['/clean', undefined, ['npm', '/clean']],
    ['/clean', '', ['npm', '/clean']],
    ['/clean', 'gems.example.com', ['gems', '/clean']],
    ['/clean', 'GEMS.example.com:443', ['gems', '/clean']],
    ['/clean', 'gems.example.com.', ['gems', '/clean']],
    ['/old/clean', 'gems.example.com', ['old gems', '/clean']],
    // A host of its own has the paths of no other host.
    ['/npm/clean', 'gems.example.com', ['gems', '/npm/clean']],
    ['/clean', 'gems.example.com.evil.example', ['npm', '/clean']],
    ['/clean', 'gems.example.com@evil.example', ['npm', '/clean']],
    ['/clean', '[::1]:4873', ['npm', '/clean']],
  ])('%s at %s is %j', (url, host, expected) => {
    expect(choose(url, host)).toEqual(expected);
  });

  it('is none for two hosts, of which a proxy may have seen the other', () => {
    const raw = ['Host', 'gems.example.com', 'host', 'other.example.com'];
    expect(choose('/clean', 'gems.example.com', raw)).toBe(undefined);
    expect(choose('/clean', 'gems.example.com', raw.slice(0, 2))).toEqual(['gems', '/clean']);
  });

  it('is none if no registry has the path', () => {
    const only = new Routes([{ path: '/npm/', target: 'npm' }]);
    expect(only.choose({ url: '/clean', headers: {}, rawHeaders: [] })).toBe(undefined);
  });
});

describe('a server with several registries', () => {
  let first: Registry;
  let second: Registry;
  let testing: Testing;
  beforeAll(async () => {
    [first, second] = [await startRegistry(), await startRegistry()];
    first.publish({ name: 'clean', version: '1.0.0' });
    second.publish({ name: 'clean', version: '2.0.0' });
    second.publish({ name: '@acme/tool', version: '2.0.0' });
    testing = await startGateway('http://127.0.0.1:9', {
      registries: [
        { name: 'first', upstream: new URL(first.url), path: '/' },
        { name: 'second', upstream: new URL(second.url), path: '/second/' },
        { name: 'go', ecosystem: 'go', upstream: new URL(second.url), path: '/go/' },
        { name: 'hosted', upstream: new URL(second.url), host: 'npm.example.com' },
      ],
    });
  });
  afterAll(async () => {
    await testing.close();
    await first.close();
    await second.close();
  });

  const latest = async (target: string, headers = {}): Promise<unknown> => {
    const answered = await testing.ask(target, { headers });
    if (answered.status !== 200) return answered.status;
    return (jsonOf(answered)['dist-tags'] as Record<string, unknown>)['latest'];
  };

  it('answers for each of them, whose documents name its own address', async () => {
    expect(await latest('/clean')).toBe('1.0.0');
    expect(await latest('/second/clean')).toBe('2.0.0');
    expect(await latest('/second/@acme%2ftool')).toBe('2.0.0');
    expect(await latest('/clean', { host: 'npm.example.com' })).toBe('2.0.0');
    const { versions } = jsonOf(await testing.ask('/second/clean')) as {
      versions: Record<string, { dist: { tarball: string } }>;
    };
    const { tarball } = versions['2.0.0']!.dist;
    expect(tarball).toMatch(/^http:\/\/localhost:\d+\/second\/clean\/-\/clean-2\.0\.0\.tgz$/);
    expect(await testing.ask(new URL(tarball).pathname)).toMatchObject({ status: 200 });
    expect(await testing.ask('/clean/-/clean-2.0.0.tgz')).toMatchObject({ status: 404 });
  });

  it('passes on the API below the path', async () => {
    expect(await testing.ask('/second/-/ping?write=true')).toMatchObject({ status: 200 });
    expect(second.log.at(-1)!.path).toBe('/-/ping?write=true');
  });

  it('has its own pages once, for every host', async () => {
    for (const host of ['127.0.0.1', 'npm.example.com'])
      expect(await testing.ask('/-/tarwarden/healthz', { headers: { host } })).toMatchObject({
        status: 200,
      });
    expect(await testing.ask('/second/-/tarwarden/healthz')).toMatchObject({ status: 404 });
    expect((await testing.ask('/-/tarwarden/readyz')).body.toString()).toMatch(/^ready: /);
  });

  it.each(['//second/clean', '/second//clean', '/second/../clean', '/second/.'])(
    'has nothing at %s',
    async (target) => {
      const before = [first.log.length, second.log.length];
      expect(await latest(target)).toBe(404);
      expect([first.log.length, second.log.length]).toEqual(before);
    },
  );

  it('has nothing at an absolute address', async () => {
    expect(await testing.ask(`${testing.url}/second/clean`)).toMatchObject({ status: 404 });
  });

  it('logs the registry of a failure', async () => {
    await testing.ask('/go/nothing');
    expect(testing.log.at(-1)).toMatchObject({ registry: 'go', status: 404 });
  });
});

describe('replaced registries', () => {
  it('answer at once, while requests under way finish on the old one', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const waiting: string[] = [];
    const before = await registryForTest({
      hold: (path) => {
        if (path !== '/slow') return undefined;
        waiting.push(path);
        return held;
      },
    });
    const after = await registryForTest();
    before.publish({ name: 'slow', version: '1.0.0' });
    before.publish({ name: 'same', version: '1.0.0' });
    after.publish({ name: 'slow', version: '2.0.0' });
    const same = { name: 'same', upstream: new URL(before.url), path: '/same/' };
    const testing = await startGateway('http://127.0.0.1:9', {
      registries: [same, { name: 'npm', upstream: new URL(before.url) }],
    });
    const slow = testing.ask('/slow');
    await expect.poll(() => waiting).toEqual(['/slow']);
    await testing.ask('/same/same');
    testing.gateway.replaceRegistries([same, { name: 'npm', upstream: new URL(after.url) }]);
    expect(jsonOf(await testing.ask('/slow'))).toMatchObject({
      'dist-tags': { latest: '2.0.0' },
    });
    release();
    expect(jsonOf(await slow)).toMatchObject({ 'dist-tags': { latest: '1.0.0' } });
    expect(await testing.ask('/same/same')).toMatchObject({ status: 200 });
  });
});
