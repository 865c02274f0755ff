/* The same as a plugin that verdaccio's own command loads: what it does in the way, and how one sees that it is not. */
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { payload } from '../../support/payload.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { bin, configure, get, releases, startPlain } from './support.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
  registry.publish({ name: 'clean' });
  registry.publish({ name: 'evil', tgz: payload('evil') });
  const files = { 'noise.bin': randomBytes(2_000_000) };
  registry.publish({ name: 'large', tgz: tgz({ name: 'large', files }) });
});
afterAll(async () => registry.close());

let sandbox: Sandbox;
let port: number;
let url: string;
beforeEach(async () => {
  sandbox = makeSandbox();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  url = `http://127.0.0.1:${port}`;
  server.close();
  await once(server, 'close');
  return () => sandbox.dispose();
});

/** With a folder of plugins that has ours, or what is written here for it. */
function withPlugin(more: object = {}, text?: string): string {
  const folder = join(sandbox.root, 'verdaccio/plugins');
  const own = `module.exports = require(${JSON.stringify(join(bin, 'verdaccio/plugin.cjs'))});\n`;
  sandbox.write({ 'verdaccio-tarwarden/index.js': text ?? own }, folder);
  const other = `module.exports = { default: class { register_middlewares(app) {
    app.use((request, response, next) => request.url.includes('/-/') ? response.end('other') : next());
  } } };`;
  sandbox.write({ 'verdaccio-other/index.js': other }, folder);
  return configure(sandbox, registry.url, { plugins: folder, ...more });
}

const clean = '/clean/-/clean-1.0.0.tgz';
const evil = '/evil/-/evil-1.0.0.tgz';

describe.each(releases)('$name', (release) => {
  test('in the way: tarballs pass with a verdict alone, and the web interface is there', async () => {
    const running = await startPlain(sandbox, withPlugin(), { release, port });
    const status = async (path: string): Promise<number> => (await get(url, path)).status;
    expect(await status('/-/tarwarden/readyz')).toBe(200);
    for (const _ of ['cold', 'warm']) {
      expect(await status(clean)).toBe(200);
      expect(await status(evil)).toBe(403);
      // More than goes to the system at once: verdaccio's log answers no writer whether to go on.
      const { status: large, body } = await get(url, '/large/-/large-1.0.0.tgz');
      expect({ large, isWhole: body.length > 2_000_000 }).toEqual({ large: 200, isWhole: true });
    }
    expect((await get(url, '/')).body.toString()).toMatch(/<html/i);
    expect(await status('/-/verdaccio/data/packages')).toBe(200);
    expect(await status('/-/static/favicon.ico')).toBeLessThan(500);
    const gzipped = await get(url, clean, { headers: { 'accept-encoding': 'gzip' } });
    expect(gzipped.headers['content-encoding']).toBeUndefined();
    await running.end();
  });

  test('that cannot be loaded: verdaccio serves without it, and the probe shows that', async () => {
    const config = withPlugin({}, `throw new Error('broken');`);
    const running = await startPlain(sandbox, config, { release, port });
    expect(running.code).toBeUndefined();
    expect((await get(url, '/-/tarwarden/readyz')).status).toBe(404);
    expect((await get(url, evil)).status).toBe(200);
    await running.end();
  });

  test.each([
    ['behind another', { middlewares: { other: {}, tarwarden: {} } }, /"other" is before it/],
    ['with a redirect', { experiments: { tarball_url_redirect: 'https://x' } }, /past the guard/],
    ['with a wrong setting', { middlewares: { tarwarden: { x: 1 } } }, /has no setting "x"/],
  ])('%s: verdaccio does not start', async (_, more, message) => {
    const running = await startPlain(sandbox, withPlugin(more), { release, port });
    expect(running.log.join('\n')).toMatch(message);
    await expect(get(url, '/-/ping')).rejects.toThrow(/ECONNREFUSED/);
    await running.end();
  });

  test('before another that serves tarballs: what that serves is inspected', async () => {
    const config = withPlugin({ middlewares: { tarwarden: {}, other: {} } });
    const running = await startPlain(sandbox, config, { release, port });
    const got = await get(url, clean);
    expect(got.status).toBeGreaterThanOrEqual(400);
    expect(got.body.toString()).not.toBe('other');
    await running.end();
  });
});
