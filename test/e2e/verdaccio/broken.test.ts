/* A plugin that is broken on purpose, in several ways: nothing listens then. */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { execute } from '../../support/execute.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { freePort } from '../../support/servers.ts';
import { bin, configure, get, refused, startGuarded } from './support.ts';

let registry: Registry;
let copied: Sandbox;
let program: string;
beforeAll(async () => {
  registry = await startRegistry();
  copied = makeSandbox();
  cpSync(bin, join(copied.root, 'bin'), { recursive: true });
  program = join(copied.root, 'bin/tarwarden-server.js');
});
afterAll(async () => {
  await registry.close();
  copied.dispose();
});

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = makeSandbox();
  return () => sandbox.dispose();
});

/** That it ended with one line, and at no time answered. */
async function expectNotServed(config: string, message: RegExp): Promise<void> {
  const port = await freePort();
  const place = `127.0.0.1:${port}`;
  let ended = false;
  const ending = refused(sandbox, config, { program, listen: [place] }).finally(() => {
    ended = true;
  });
  const answers: unknown[] = [];
  while (!ended) {
    const code = await get(`http://${place}`, '/-/ping').then(
      ({ status }) => status,
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (code !== 'ECONNREFUSED') answers.push(code);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { code, stderr } = await ending;
  const own = stderr.split('\n').filter((line) => line.startsWith('tarwarden: '));
  expect({ code, own, answers }).toEqual({
    code: 2,
    own: [expect.stringMatching(message)],
    answers: [],
  });
  expect(stderr).not.toMatch(/^\s+at /m);
}

const plugin = (register: string): string => `module.exports = {
  default: class {
    register_middlewares(app) { ${register} }
    async close() {}
  },
};`;

describe('a plugin', () => {
  test.each([
    ['that throws when it is loaded', `throw new Error('no such thing');`, /loaded: no such thing/],
    ['with a mistake', `module.exports = {`, /cannot be loaded: /],
    [
      'that exports a bare class',
      `module.exports = class { register_middlewares() {} };`,
      /loaded: it exports no default class/,
    ],
    [
      'that exports an arrow function',
      `module.exports = { default: () => ({ register_middlewares() {}, close() {} }) };`,
      /loaded: Plugin is not a constructor/,
    ],
    [
      'that is not a middleware',
      `module.exports = { default: class {} };`,
      /loaded: it is not a middleware/,
    ],
    [
      'that throws when it is registered',
      plugin(`throw new Error('not today');`),
      /registered: not today/,
    ],
    ['that registers nothing', plugin(''), /not in the way: it is not ready \(404\)/],
    [
      'that hands everything on',
      plugin(`app.use((request, response, next) => next());`),
      /not in the way: it is not ready \(404\)/,
    ],
    [
      'that only says that it is ready',
      plugin(`app.use((request, response, next) =>
        request.url === '/-/tarwarden/readyz' ? response.end('ready') : next());`),
      /not in the way: a hostile archive is not refused \(200\)/,
    ],
    [
      'that refuses everything',
      plugin(`app.use((request, response) => {
        response.statusCode = request.url === '/-/tarwarden/readyz' ? 200 : 403;
        response.end('no');
      });`),
      /not in the way: a hostile archive is not refused \(403\)/,
    ],
    [
      'that never answers an error',
      plugin(`app.use((_, response) => response.destroy());`),
      /does not answer/,
    ],
  ])('%s: verdaccio is not started', async (_, text, message) => {
    writeFileSync(join(copied.root, 'bin/verdaccio/plugin.cjs'), text);
    await expectNotServed(configure(sandbox, registry.url), message);
  });

  test('that is missing: verdaccio is not started', async () => {
    rmSync(join(copied.root, 'bin/verdaccio/plugin.cjs'), { force: true });
    await expectNotServed(configure(sandbox, registry.url), /cannot be loaded: Cannot find/);
  });
});

describe('with the real plugin', () => {
  beforeAll(() => {
    cpSync(join(bin, 'verdaccio'), join(copied.root, 'bin/verdaccio'), { recursive: true });
  });

  test.each([
    [{ experiments: { tarball_url_redirect: 'https://cdn.example.com/x' } }, /past the guard/],
    [{ middlewares: { tarwarden: { hide: true } } }, /has no setting "hide"/],
    [{ uplinks: { up: {} } }, /verdaccio 6\.8\.0 does not start: /],
  ])('a configuration with %j: verdaccio is not started', async (more, message) => {
    await expectNotServed(configure(sandbox, registry.url, more), message);
  });

  test('without the program of its threads: verdaccio is not started', async () => {
    const thread = join(copied.root, 'bin/inspection-thread.js');
    rmSync(thread);
    await expectNotServed(configure(sandbox, registry.url), /it is not ready \(503\)/);
    cpSync(join(bin, 'inspection-thread.js'), thread);
  });

  test('a policy that accepts the hostile archive: verdaccio is not started', async () => {
    const policy = { levels: { symlink: 'off' } };
    sandbox.write({ 'tarwarden/policy.json': policy }, sandbox.env['XDG_CONFIG_HOME']!);
    await expectNotServed(configure(sandbox, registry.url), /it is not ready \(503\)/);
  });

  test('wrong usage has a line, and where to read on', async () => {
    const { env, project } = sandbox;
    const args = [program, 'verdaccio', '--listen', '4873'];
    const { code, stderr } = await execute(process.execPath, args, { cwd: project, env });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'tarwarden: --config is missing\nTry: tarwarden-server verdaccio --help\n',
    });
  });

  test('one of several places is taken: it listens at none', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const free = await freePort();
    const config = configure(sandbox, registry.url);
    const listen = [`127.0.0.1:${free}`, `127.0.0.1:${port}`];
    const { code, stderr } = await refused(sandbox, config, { listen });
    expect(code).toBe(2);
    expect(stderr).toMatch(/not started: cannot listen on .*EADDRINUSE/);
    taken.close();
  });

  test('a middleware of somebody else that serves tarballs, before it in the list: it is behind', async () => {
    const folder = join(sandbox.root, 'verdaccio/plugins/verdaccio-1');
    const serves = `app.use((request, response, next) =>
      request.url.includes('/-/') ? response.end('anything') : next());`;
    sandbox.write({ 'index.js': plugin(serves) }, folder);
    registry.publish({ name: 'clean' });
    const more = { plugins: join(folder, '..'), middlewares: { tarwarden: {}, 1: {} } };
    const running = await startGuarded(sandbox, configure(sandbox, registry.url, more));
    const got = await get(running.url, '/clean/-/clean-1.0.0.tgz');
    expect(got.body.toString()).not.toBe('anything');
    expect(got.status).toBeGreaterThanOrEqual(400);
    await running.end('SIGTERM');
  });
});
