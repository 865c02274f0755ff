/** Every way by which a gem comes into gem or Bundler. Each sets up what it needs, and says what is typed. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeGem } from '../../support/gem/gems.ts';
import type { GemServerOptions } from '../../support/gem/index.ts';
import { since, type RubyGems } from '../../support/gem/rubies.ts';
import { bundlerWays } from './bundler-ways.ts';
import { cached, INSTALL, type Scene, type Way } from './way.ts';

/** `gem install` of the gem, from a server. */
const fromServer =
  (options: Partial<GemServerOptions> = {}, ...more: string[]): Way['typed'] =>
  async ({ gem, server }) => {
    const { url } = await server(options);
    return ['gem', ...INSTALL, ...more, '--clear-sources', '--source', url, gem.name];
  };

async function gemrc({ server }: Scene): Promise<string> {
  const { url } = await server();
  return `:sources:\n- ${url}\n`;
}

const gemWays: readonly Way[] = [
  { name: 'an index', typed: fromServer() },
  { name: 'an index without /info', typed: fromServer({ onlyMarshal: true }) },
  { name: 'a redirect', typed: fromServer({ redirected: true }) },
  { name: '--norc', typed: fromServer({}, '--norc') },
  { name: '--install-dir', installsNothing: true, typed: fromServer({}, '--install-dir', 'other') },
  {
    name: 'an index with user and password',
    typed: fromServer({ auth: { user: 'jo', password: 'hush' } }),
  },
  {
    name: 'GEMRC',
    async typed(scene) {
      scene.world.sandbox.write({ gemrc: await gemrc(scene) });
      scene.world.env['GEMRC'] = join(scene.world.sandbox.project, 'gemrc');
      return ['gem', ...INSTALL, scene.gem.name];
    },
  },
  {
    name: '~/.gemrc',
    async typed(scene) {
      scene.world.sandbox.write({ '.gemrc': await gemrc(scene) }, scene.world.sandbox.home);
      return ['gem', ...INSTALL, scene.gem.name];
    },
  },
  {
    name: 'what another gem depends on',
    async typed({ gem, server }) {
      const outer = makeGem({ name: 'outer', dependencies: { [gem.name]: '~> 1.0' } });
      const { url } = await server({ gems: [gem, outer] });
      return ['gem', ...INSTALL, '--clear-sources', '--source', url, 'outer'];
    },
  },
  {
    name: 'a source that is a folder',
    async typed({ world, gem, server }) {
      // The index of a server, written down.
      const { url } = await server();
      const folder = join(world.sandbox.root, 'source');
      const paths = ['specs.4.8.gz', 'latest_specs.4.8.gz', 'prerelease_specs.4.8.gz'];
      const quick = `quick/Marshal.4.8/${gem.fileName.replace(/\.gem$/, '.gemspec.rz')}`;
      mkdirSync(join(folder, 'quick/Marshal.4.8'), { recursive: true });
      for (const path of [...paths, quick]) {
        // oxlint-disable-next-line no-await-in-loop
        const response = await fetch(url + path);
        // oxlint-disable-next-line no-await-in-loop
        writeFileSync(join(folder, path), Buffer.from(await response.arrayBuffer()));
      }
      mkdirSync(join(folder, 'gems'));
      writeFileSync(join(folder, 'gems', gem.fileName), gem.bytes);
      return ['gem', ...INSTALL, '--clear-sources', '--source', `file://${folder}/`, gem.name];
    },
  },
  {
    name: 'a file',
    typed: async ({ world, gem }) => ['gem', ...INSTALL, `./${world.put(gem)}`],
  },
  {
    name: 'a file behind a link',
    async typed({ world, gem }) {
      const target = world.put(gem, 'elsewhere');
      await world.bare('sh', '-c', `ln -s ${target} ${gem.fileName}`);
      return ['gem', ...INSTALL, `./${gem.fileName}`];
    },
  },
  {
    name: '--local',
    async typed({ world, gem }) {
      world.put(gem);
      return ['gem', ...INSTALL, '--local', gem.name];
    },
  },
  {
    name: 'the cache of GEM_HOME',
    async typed({ world, gem, server }) {
      cached(world, gem);
      const { url } = await server();
      return ['gem', ...INSTALL, '--clear-sources', '--source', url, gem.name];
    },
  },
  {
    name: 'gem pristine',
    async typed({ world, gem }) {
      const twin = makeGem({ name: gem.name });
      await world.bare('gem', ...INSTALL, `./${world.put(twin)}`);
      rmSync(join(world.sandbox.project, twin.fileName));
      cached(world, gem);
      rmSync(join(world.gemHome, 'gems', 'prey-1.0.0', 'lib'), { recursive: true });
      return ['gem', 'pristine', gem.name];
    },
  },
  {
    name: 'gem update',
    async typed({ world, gem, server }) {
      const old = makeGem({ name: gem.name, version: '0.9.0' });
      await world.bare('gem', ...INSTALL, `./${world.put(old)}`);
      const { url } = await server();
      return ['gem', 'update', '--no-document', '--clear-sources', '--source', url, gem.name];
    },
  },
  {
    name: 'gem fetch',
    installsNothing: true,
    async typed({ gem, server }) {
      return ['gem', 'fetch', '--clear-sources', '--source', (await server()).url, gem.name];
    },
  },
  {
    name: 'gem unpack of a file',
    installsNothing: true,
    typed: async ({ world, gem }) => ['gem', 'unpack', '--target', 'got', `./${world.put(gem)}`],
  },
  {
    name: 'gem unpack of what is downloaded',
    installsNothing: true,
    async typed(scene) {
      scene.world.sandbox.write({ '.gemrc': await gemrc(scene) }, scene.world.sandbox.home);
      return ['gem', 'unpack', '--target', 'got', scene.gem.name];
    },
  },
  {
    name: 'gem specification of a file',
    installsNothing: true,
    forgives: true,
    typed: async ({ world, gem }) => ['gem', 'specification', `./${world.put(gem)}`, 'name'],
  },
  {
    name: 'gem exec',
    installsNothing: true,
    since: [3, 5],
    async typed(scene) {
      scene.world.sandbox.write({ '.gemrc': await gemrc(scene) }, scene.world.sandbox.home);
      return ['gem', 'exec', scene.gem.name];
    },
  },
];

export function waysOf(rubygems: RubyGems, client: 'gem' | 'bundle'): readonly Way[] {
  const [ways, version] =
    client === 'gem' ? [gemWays, rubygems.version] : [bundlerWays, rubygems.bundler];
  return ways.filter(
    (way) =>
      (way.since === undefined || since(version, way.since)) &&
      (way.systemOnly !== true || rubygems.lib === undefined),
  );
}
