/* Tarballs: what lands, and what does not. */
import { once } from 'node:events';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { FAULTS } from '../../../support/faults.ts';
import type { Registry } from '../../../support/registry.ts';
import { clean, hostile, listening, startFronted, startGateway, type Testing } from './support.ts';

let registry: Registry;
let testing: Testing;

async function begin(...args: Parameters<typeof startFronted>): Promise<void> {
  ({ registry, testing } = await startFronted(...args));
}

describe('tarballs', () => {
  beforeEach(async () => begin());

  it('pass once they are accepted, and are not inspected again', async () => {
    const cold = await testing.ask('/clean/-/clean-1.0.0.tgz');
    expect(cold).toMatchObject({ status: 200, body: clean });
    const warm = await testing.ask('/clean/-/clean-1.0.0.tgz');
    expect(warm).toMatchObject({ status: 200, body: clean });
    expect(warm.headers['content-length']).toBe(String(clean.length));
    expect(testing.inspected.count).toBe(1);
    expect(registry.downloads()).toHaveLength(2);
    expect(testing.held()).toEqual([]);
  });

  it('are refused with a reason, and not fetched again', async () => {
    for (const _ of [1, 2]) {
      const { status, phrase, headers, body } = await testing.ask('/evil/-/evil-1.0.0.tgz');
      expect(status).toBe(403);
      expect(phrase).toMatch(/^tarwarden: .*evil@1\.0\.0/);
      expect(headers['npm-notice']).toContain('evil@1.0.0');
      expect(headers['cache-control']).toBe('no-store');
      expect(body.toString()).toContain('evil@1.0.0');
    }
    expect(testing.inspected.count).toBe(1);
    expect(registry.downloads()).toHaveLength(1);
    expect(testing.held()).toEqual([]);
  });

  it('are downloaded and inspected once for many who wait', async () => {
    let go = (): void => undefined;
    const together = new Promise<void>((resolve) => (go = resolve));
    await testing.close();
    await registry.close();
    await begin({ hold: (path) => (path.endsWith('.tgz') ? together : undefined) });
    const many = Array.from({ length: 30 }, async () => testing.ask('/clean/-/clean-1.0.0.tgz'));
    await expect
      .poll(async () =>
        promisify(testing.gateway.server.getConnections.bind(testing.gateway.server))(),
      )
      .toBe(30);
    go();
    for (const { status, body } of await Promise.all(many))
      expect({ status, same: body.equals(clean) }).toEqual({ status: 200, same: true });
    expect(testing.inspected.count).toBe(1);
    expect(registry.downloads()).toHaveLength(1);
    expect(registry.log.filter(({ path }) => path === '/clean')).toHaveLength(1);
    await expect.poll(() => testing.held()).toEqual([]);
  });

  it('are inspected for HEAD as well, and nothing is sent', async () => {
    const refused = await testing.ask('/evil/-/evil-1.0.0.tgz', { method: 'HEAD' });
    expect(refused).toMatchObject({ status: 403, body: Buffer.alloc(0) });
    const asked = { method: 'HEAD' };
    expect(await testing.ask('/clean/-/clean-1.0.0.tgz', asked)).toMatchObject({ status: 200 });
    expect(await testing.ask('/clean/-/clean-1.0.0.tgz', asked)).toMatchObject({ status: 200 });
    expect(registry.downloads()).toHaveLength(2);
  });

  it('come whole whatever part is asked for', async () => {
    const headers = { range: 'bytes=5-9' };
    for (const _ of [1, 2])
      expect(await testing.ask('/clean/-/clean-1.0.0.tgz', { headers })).toMatchObject({
        status: 200,
        body: clean,
      });
  });

  it('do not exist where no document names them', async () => {
    expect(await testing.ask('/clean/-/clean-2.0.0.tgz')).toMatchObject({ status: 404 });
    expect(await testing.ask('/none/-/none-1.0.0.tgz')).toMatchObject({ status: 404 });
    registry.file('free.tgz', clean);
    expect(await testing.ask('/-/files/free.tgz')).toMatchObject({ status: 404 });
    expect(registry.downloads()).toEqual([]);
  });

  it('without an integrity are compared with nothing, and inspected', async () => {
    registry.publish({ name: 'old', integrity: null });
    registry.publish({ name: 'bad', tgz: hostile, integrity: null });
    expect(await testing.ask('/old/-/old-1.0.0.tgz')).toMatchObject({ status: 200 });
    expect(await testing.ask('/old/-/old-1.0.0.tgz')).toMatchObject({ status: 200 });
    expect(testing.inspected.count).toBe(1);
    expect(await testing.ask('/bad/-/bad-1.0.0.tgz')).toMatchObject({ status: 403 });
  });

  it('at a host that nobody allowed are refused, and it is not asked', async () => {
    const tarball = 'http://169.254.169.254/latest/meta-data';
    registry.publish({ name: 'far', tarball });
    const { status, phrase } = await testing.ask('/far/-/far-1.0.0.tgz');
    expect({ status, phrase }).toMatchObject({
      status: 403,
      phrase: expect.stringContaining('169.254.169.254') as string,
    });
  });

  it('are asked for again where the connection had just been closed', async () => {
    await testing.close();
    await registry.close();
    let resets = 0;
    await begin({ fault: (_, before) => (before === resets ? 'silent-reset' : undefined) });
    expect(await testing.ask('/clean/-/clean-1.0.0.tgz')).toMatchObject({ status: 200 });
    resets = registry.downloads().length;
    expect(await testing.ask('/clean/-/clean-1.0.0.tgz')).toMatchObject({
      status: 200,
      body: clean,
    });
    expect(registry.downloads()).toHaveLength(4);
  });

  it('that nobody waits for any more are not downloaded on', async () => {
    let began = (): void => undefined;
    const asked = new Promise<void>((resolve) => (began = resolve));
    await testing.close();
    await registry.close();
    let ended: Promise<unknown> | undefined;
    const slow = await listening((request, response) => {
      if (request.url === '/slow') {
        const tarball = `http://${request.headers.host}/slow/-/slow-1.0.0.tgz`;
        const versions = { '1.0.0': { name: 'slow', version: '1.0.0', dist: { tarball } } };
        return void response.end(JSON.stringify({ name: 'slow', versions }));
      }
      response.writeHead(200).write('x');
      ended = once(response, 'close');
      began();
    });
    testing = await startGateway(slow.address);
    const socket = testing.open('GET /slow/-/slow-1.0.0.tgz HTTP/1.1\r\nHost: x\r\n\r\n');
    await asked;
    socket.destroy();
    await ended;
    await expect.poll(() => testing.held()).toEqual([]);
    expect(testing.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});

describe('a registry that sends something else', () => {
  // What a client with the integrity would take all the same.
  const harmless = new Set(['labelled-gzip', 'slow']);
  const usable = FAULTS.filter((fault) => !['endless', 'length-huge', 'slow'].includes(fault));

  it.each(usable)(
    '%s: no client has a whole file that was not accepted, cold or warm',
    async (fault) => {
      let faulty = true;
      await begin({ fault: () => (faulty ? fault : undefined) });
      const cold = await testing.ask('/clean/-/clean-1.0.0.tgz').catch(() => undefined);
      if (cold?.status === 200) expect(harmless.has(fault) && cold.body.equals(clean)).toBe(true);
      else expect(cold?.status).toBeGreaterThanOrEqual(400);
      faulty = false;
      expect(await testing.ask('/clean/-/clean-1.0.0.tgz')).toMatchObject({
        status: 200,
        body: clean,
      });
      faulty = true;
      const warm = await testing.ask('/clean/-/clean-1.0.0.tgz').catch(() => undefined);
      if (warm?.status === 200) expect(warm.body.equals(clean)).toBe(true);
      faulty = false;
      expect(await testing.ask('/clean/-/clean-1.0.0.tgz')).toMatchObject({
        status: 200,
        body: clean,
      });
      expect(testing.held()).toEqual([]);
    },
  );
});
