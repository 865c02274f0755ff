/** The ways by which a gem comes into Bundler. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeGem } from '../../support/gem/gems.ts';
import type { GemServerOptions } from '../../support/gem/index.ts';
import { cached, type Scene, type Way } from './way.ts';

/** A Gemfile with the gem, from a server. */
async function project(
  { world, gem, server }: Scene,
  options: Partial<GemServerOptions> = {},
): Promise<string> {
  const { url } = await server(options);
  world.gemfile(`source '${url}'`, `gem '${gem.name}'`);
  return url;
}

const fromServer =
  (options: Partial<GemServerOptions> = {}, ...args: string[]): Way['typed'] =>
  async (scene) => {
    await project(scene, options);
    return ['bundle', ...(args.length === 0 ? ['install'] : args)];
  };

/** Has Bundler write a lockfile, without the guard and without a download. */
async function lock(scene: Scene): Promise<void> {
  await project(scene);
  const result = await scene.world.bare('bundle', 'lock');
  if (result.code !== 0) throw new Error(result.stdout + result.stderr);
}

export const bundlerWays: readonly Way[] = [
  { name: 'bundle install', typed: fromServer() },
  { name: 'an index without /info', typed: fromServer({ onlyMarshal: true }) },
  { name: 'a redirect', typed: fromServer({ redirected: true }) },
  { name: 'bundle, alone', typed: fromServer({}, '--quiet') },
  {
    name: 'bundle install --standalone',
    installsNothing: true,
    typed: fromServer({}, 'install', '--standalone'),
  },
  { name: 'bundle update', typed: fromServer({}, 'update', '--all') },
  { name: 'bundle cache', typed: fromServer({}, 'cache') },
  { name: 'bundle cache --all-platforms', typed: fromServer({}, 'cache', '--all-platforms') },
  {
    name: 'a source with user and password',
    typed: fromServer({ auth: { user: 'jo', password: 'hush' } }),
  },
  {
    name: 'one job, and no retries',
    async typed(scene) {
      await project(scene);
      Object.assign(scene.world.env, { BUNDLE_JOBS: '1', BUNDLE_RETRY: '0' });
      return ['bundle', 'install'];
    },
  },
  {
    name: 'a lockfile that is frozen',
    async typed(scene) {
      await lock(scene);
      scene.world.env['BUNDLE_FROZEN'] = 'true';
      return ['bundle', 'install'];
    },
  },
  {
    name: 'what another gem depends on',
    async typed({ world, gem, server }) {
      const outer = makeGem({ name: 'outer', dependencies: { [gem.name]: '~> 1.0' } });
      const { url } = await server({ gems: [gem, outer] });
      world.gemfile(`source '${url}'`, `gem 'outer'`);
      return ['bundle', 'install'];
    },
  },
  {
    name: 'a source block, beside another source',
    async typed({ world, gem, server }) {
      const other = makeGem({ name: 'other' });
      const [one, two] = [await server({ gems: [other] }), await server()];
      world.gemfile(
        `source '${one.url}'`,
        `gem 'other'`,
        `source('${two.url}') { gem '${gem.name}' }`,
      );
      return ['bundle', 'install'];
    },
  },
  {
    name: 'bundle add',
    async typed({ world, gem, server }) {
      world.gemfile(`source '${(await server()).url}'`);
      return ['bundle', 'add', gem.name];
    },
  },
  {
    name: 'a mirror in .bundle/config of the project',
    async typed({ world, gem, server }) {
      const { url } = await server();
      world.gemfile(`source 'https://rubygems.org'`, `gem '${gem.name}'`);
      world.sandbox.write({
        '.bundle/config': `---\nBUNDLE_MIRROR__ALL: "${url}"\nBUNDLE_GLOBAL_GEM_CACHE: "true"\n`,
      });
      return ['bundle', 'install'];
    },
  },
  {
    name: 'vendor/cache',
    async typed(scene) {
      await lock(scene);
      scene.world.put(scene.gem, 'vendor/cache');
      return ['bundle', 'install', '--local'];
    },
  },
  {
    name: 'the cache of GEM_HOME',
    async typed(scene) {
      await lock(scene);
      cached(scene.world, scene.gem);
      return ['bundle', 'install'];
    },
  },
  {
    name: 'the cache of GEM_HOME, for bundle cache of what is installed',
    async typed(scene) {
      const { world, gem } = scene;
      const twin = makeGem({ name: gem.name });
      await world.bare('gem', 'install', '--no-document', '--local', world.put(twin, 'twin'));
      await lock(scene);
      cached(world, gem);
      return ['bundle', 'cache'];
    },
  },
  {
    name: 'the global cache',
    async typed(scene) {
      await project(scene);
      scene.world.env['BUNDLE_GLOBAL_GEM_CACHE'] = 'true';
      return ['bundle', 'install'];
    },
  },
  {
    name: 'the global cache, where it is already',
    async typed(scene) {
      const { world, gem, server } = scene;
      const { url } = await server({ gems: [makeGem({ name: gem.name })] });
      world.gemfile(`source '${url}'`, `gem '${gem.name}'`);
      world.env['BUNDLE_GLOBAL_GEM_CACHE'] = 'true';
      const own = { ...world.env };
      world.env['BUNDLE_PATH'] = join(world.sandbox.root, 'elsewhere');
      await world.bare('bundle', 'install');
      Object.assign(world.env, own, { BUNDLE_PATH: undefined });
      const cache = join(world.sandbox.root, 'bundle/cache/gems');
      for (const folder of readdirSync(cache))
        writeFileSync(join(cache, folder, gem.fileName), gem.bytes);
      // The checksum of the other is in it.
      rmSync(join(world.sandbox.project, 'Gemfile.lock'));
      return ['bundle', 'install'];
    },
  },
  {
    name: 'a plugin in the Gemfile',
    installsNothing: true,
    async typed({ world, gem, server }) {
      world.gemfile(`source '${(await server()).url}'`, `plugin '${gem.name}'`);
      return ['bundle', 'install'];
    },
  },
  {
    name: 'bundle plugin install',
    installsNothing: true,
    async typed({ gem, server }) {
      return ['bundle', 'plugin', 'install', gem.name, '--source', (await server()).url];
    },
  },
  {
    name: 'gem install by bundle exec',
    async typed({ world, gem }) {
      world.gemfile();
      return ['bundle', 'exec', 'gem', 'install', '--no-document', `./${world.put(gem)}`];
    },
  },
  {
    name: 'a script with a Gemfile in it',
    systemOnly: true,
    async typed({ world, gem, server }) {
      world.gemfile();
      const { url } = await server();
      world.sandbox.write({
        'it.rb': `require 'bundler/inline'\ngemfile(true) do\n  source '${url}'\n  gem '${gem.name}'\nend\n`,
      });
      return ['bundle', 'exec', 'ruby', 'it.rb'];
    },
  },
];
