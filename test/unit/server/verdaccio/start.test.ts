/* The start, with a verdaccio and plugins made here. What the real ones do is in test/e2e/verdaccio. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  startVerdaccio,
  type StartOptions,
} from '../../../../packages/server/src/verdaccio/start.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let folder: string;
freshFolder((fresh) => (folder = fresh));

const write = (path: string, text: string | object): string => putFile(join(folder, path), text);

const SERVER = `require('node:http').createServer((_, response) => response.end('inner'))`;

/** A package at a place, and what its `runServer` answers. */
function verdaccioAt(place: string, version = '6.8.0', server = SERVER): void {
  write(`${place}/package.json`, { name: 'verdaccio', version, main: 'index.js' });
  write(
    `${place}/index.js`,
    `exports.runServer = async (config) => {
    globalThis.ranWith = config;
    return ${server};
  };
  exports.parseConfigFile = (path) => JSON.parse(require('node:fs').readFileSync(path, 'utf8'));`,
  );
}

/** Answers as a guard does, without one. */
const ANSWERS = `(request, response, next) => {
  const name = /tarwarden-probe-[-0-9a-f]+/.exec(request.url)?.[0];
  if (request.url === '/inner') return next();
  response.statusCode = request.url === '/-/tarwarden/readyz' ? 200 : 403;
  response.end(name + '@1.0.0');
}`;

function pluginFile(middleware = ANSWERS): string {
  return write(
    'plugin.cjs',
    `exports.default = class {
      constructor(options, { config }) { globalThis.pluginWith = config; }
      register_middlewares(app) { app.use(${middleware}); }
      async close() { globalThis.closed = (globalThis.closed ?? 0) + 1; }
    };`,
  );
}

async function start(config: object = {}, more: Partial<StartOptions> = {}): Promise<string> {
  const started = await startVerdaccio({
    config: write('conf/config.yaml', config),
    listen: ['127.0.0.1:0'],
    env: process.env,
    ...more,
    plugin: more.plugin ?? pluginFile(),
  });
  try {
    const answer = await fetch(`${started.addresses[0]!}inner`, {
      headers: { connection: 'close' },
    });
    return `${answer.status} ${await answer.text()}`;
  } finally {
    await started.close(0);
  }
}

describe('verdaccio', () => {
  it('is that of the folder of the configuration, or above', async () => {
    verdaccioAt('node_modules/verdaccio');
    expect(await start({ middlewares: { tarwarden: {}, audit: { enabled: true } } })).toBe(
      '200 inner',
    );
    // Nothing is left to its own loader; the others stay.
    expect((globalThis as { ranWith?: unknown }).ranWith).toMatchObject({
      middlewares: { audit: { enabled: true } },
      self_path: join(folder, 'conf/config.yaml'),
      listen: ['127.0.0.1:0'],
    });
    const { ranWith, pluginWith } = globalThis as {
      ranWith?: { middlewares: object };
      pluginWith?: { middlewares: object };
    };
    expect(Object.keys(ranWith!.middlewares)).toEqual(['audit']);
    expect(Object.keys(pluginWith!.middlewares)).toEqual(['tarwarden']);
  });

  it('has its own list of middlewares where there is none', async () => {
    verdaccioAt('node_modules/verdaccio');
    await start({});
    expect((globalThis as { ranWith?: object }).ranWith).not.toHaveProperty('middlewares');
  });

  it.skipIf(process.platform === 'win32')('of anybody is none, unless it is named', async () => {
    verdaccioAt('node_modules/verdaccio');
    const modules = join(folder, 'node_modules');
    chmodSync(modules, 0o777);
    await expect(start()).rejects.toThrow(
      /node_modules can be written by every user .*--verdaccio/,
    );
    expect(await start({}, { verdaccio: join(modules, 'verdaccio') })).toBe('200 inner');
  });

  it.each(['checkContinue', 'connect', 'upgrade'])(
    'that answers %s past the plugin is not started',
    async (event) => {
      verdaccioAt('node_modules/verdaccio', '6.8.0', `${SERVER}.on('${event}', () => {})`);
      await expect(start()).rejects.toThrow(`${event} past the plugin`);
    },
  );

  it('is the one that is named', async () => {
    verdaccioAt('elsewhere');
    expect(await start({}, { verdaccio: join(folder, 'elsewhere') })).toBe('200 inner');
  });

  it('of the working directory is nobody’s', async () => {
    verdaccioAt('project/node_modules/verdaccio');
    const before = process.cwd();
    process.chdir(join(folder, 'project'));
    try {
      await expect(start()).rejects.toThrow(/^verdaccio is installed neither/);
    } finally {
      process.chdir(before);
    }
  });

  it.each(['5.31.0', '7.0.0', 'x', '60.1.0'])('%s is not started', async (version) => {
    verdaccioAt('node_modules/verdaccio', version);
    await expect(start()).rejects.toThrow(`this is verdaccio ${version}: verdaccio 6 can be`);
  });

  it.each([
    ['{}', /there is no verdaccio in/],
    ['{', /there is no verdaccio in/],
  ])('is not what has %s', async (manifest, message) => {
    write('elsewhere/package.json', manifest);
    await expect(start({}, { verdaccio: join(folder, 'elsewhere') })).rejects.toThrow(message);
  });

  it('that fails to load, to start or to be read has one line', async () => {
    verdaccioAt('node_modules/verdaccio', '6.8.0', `(() => { throw new Error('no storage'); })()`);
    await expect(start()).rejects.toThrow(/^verdaccio 6\.8\.0 does not start: no storage$/);
    verdaccioAt('other');
    write('other/index.js', 'exports.x = 1;');
    await expect(start({}, { verdaccio: join(folder, 'other') })).rejects.toThrow(
      /neither runServer/,
    );
  });

  it.each(['null', '[]', `require('node:http').createServer()`])(
    'that has %s for a server is not started',
    async (server) => {
      verdaccioAt('node_modules/verdaccio', '6.8.0', server);
      await expect(start()).rejects.toThrow(/as one application/);
    },
  );

  it('without a configuration is not started', async () => {
    verdaccioAt('node_modules/verdaccio');
    const config = join(folder, 'conf/none.yaml');
    await expect(
      start({}, { config, verdaccio: join(folder, 'node_modules/verdaccio') }),
    ).rejects.toThrow(/none\.yaml: ENOENT/);
  });
});

describe('a plugin that is asked before all else', () => {
  it.each([
    ['hands one spelling on', `request.url.startsWith('//')`, /is answered without it/],
    ['hands tarballs on', `/\\.tgz$/.test(request.url)`, /hostile archive is not refused \(200\)/],
    ['hands publications on', `request.method === 'PUT'`, /publication is not refused \(200\)/],
    ['is not ready', `request.url.endsWith('readyz')`, undefined],
  ])('and %s', async (_, condition, message) => {
    verdaccioAt('node_modules/verdaccio');
    const plugin = pluginFile(`(request, response, next) =>
      ${condition} ? next() : (${ANSWERS})(request, response, next)`);
    if (message === undefined) expect(await start({}, { plugin })).toBe('200 inner');
    else await expect(start({}, { plugin })).rejects.toThrow(message);
  });

  it('and hands on an error', async () => {
    verdaccioAt('node_modules/verdaccio');
    const plugin = pluginFile(`(request, response, next) => next(new Error('x'))`);
    await expect(start({}, { plugin })).rejects.toThrow(/it is not ready \(500\)/);
  });

  it('is closed where it is not in the way', async () => {
    verdaccioAt('node_modules/verdaccio');
    const world = globalThis as { closed?: number };
    world.closed = 0;
    const plugin = pluginFile(`(request, response, next) => next()`);
    await expect(start({}, { plugin })).rejects.toThrow(/not in the way/);
    expect(world.closed).toBe(1);
  });
});
