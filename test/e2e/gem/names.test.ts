/** Names that an index gives, and of which RubyGems and Bundler make paths. Without the guard each leads out of the folders of the client. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeGem, TRACE } from '../../support/gem/gems.ts';
import type { GemServer, GemServerOptions } from '../../support/gem/index.ts';
import { rubies, since, system, type RubyGems } from '../../support/gem/rubies.ts';
import type { RubyWorld } from '../../support/gem/world.ts';
import { serve, world } from './scene.ts';
import { INSTALL } from './way.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const CODE = `File.write(ENV['${TRACE}'], "planted\\n", mode: 'a')\n`;

interface Way {
  readonly title: string;
  /** What the index calls the gem. */
  readonly name: string;
  readonly version?: string;
  readonly platform?: string;
  readonly server?: Partial<GemServerOptions>;
  readonly typed: (own: RubyWorld, server: GemServer) => readonly [string, ...string[]];
  /** What the bare client has done with the name. */
  readonly escaped: (own: RubyWorld) => boolean;
  /** What is there before. */
  readonly before?: (own: RubyWorld) => void;
}

/** In each world: `specs/HOST%PORT`, `bundle/cache/compact_index/HOST`, and the folder `loot` beside them. */
const LOOT = 'loot';

function gemfile(own: RubyWorld, { url }: GemServer): readonly ['bundle', 'install'] {
  own.gemfile(`source '${url}'`, `gem 'outer'`);
  return ['bundle', 'install'];
}

const fromIndex = (...words: string[]): Way['typed'] => {
  return (_own, { url }) => ['gem', ...words, '--clear-sources', '--source', url];
};
const inLoot = (own: RubyWorld): boolean =>
  readdirSync(join(own.sandbox.root, LOOT)).some((file) => file !== 'kept');
const ran = (own: RubyWorld): boolean => own.ran().includes('planted');
const planted = (own: RubyWorld): boolean =>
  existsSync(join(own.gemHome, 'specifications/x-1.0.0.gemspec'));

const GEM: readonly Way[] = [
  {
    title: 'a dependency that is a gemspec of GEM_HOME',
    name: '../../../../gems/specifications/x',
    typed: fromIndex(...INSTALL, 'outer'),
    escaped: planted,
  },
  {
    title: 'a dependency in an index without /info',
    name: `../../../${LOOT}/x`,
    server: { onlyMarshal: true },
    typed: fromIndex(...INSTALL, 'outer'),
    escaped: inLoot,
  },
  {
    title: 'a gem that somebody lists',
    name: '../../../../gems/specifications/x',
    typed: fromIndex('list', '--remote', '--details'),
    escaped: planted,
  },
];

const BUNDLER: readonly Way[] = [
  {
    title: 'a dependency in the compact index',
    name: `../../../../../${LOOT}/x`,
    typed: gemfile,
    escaped: inLoot,
  },
  {
    title: 'a dependency whose gemspec is a file of this machine',
    name: `../../${LOOT}/x`,
    server: { onlyMarshal: true },
    typed: gemfile,
    before(own) {
      writeFileSync(join(own.sandbox.root, LOOT, 'x-1.0.0.gemspec'), CODE);
    },
    escaped: ran,
  },
];

async function scene(
  rubygems: RubyGems,
  way: Way,
): Promise<[RubyWorld, ...Parameters<RubyWorld['bare']>]> {
  const own = world(rubygems);
  for (const folder of [LOOT, 'gems/specifications'])
    mkdirSync(join(own.sandbox.root, folder), { recursive: true });
  const x = makeGem({ name: way.name });
  const outer = makeGem({ name: 'outer', dependencies: { [way.name]: '>= 0' } });
  const server = await serve({
    gems: [outer, x],
    files: { [`/quick/Marshal.4.8/${way.name}-1.0.0.gemspec.rz`]: deflateSync(CODE) },
    ...way.server,
  });
  way.before?.(own);
  return [own, ...way.typed(own, server)];
}

describe.each(FULL ? rubies : [system])('$name', (rubygems) => {
  // Beside an older RubyGems two Bundlers get into one process, and the bare one fails.
  const ways = since(rubygems.version, [3, 4]) ? [...GEM, ...BUNDLER] : GEM;

  it.each([
    ['gem', fromIndex(...INSTALL, 'outer')],
    ['bundle', gemfile],
  ] as const)('lets %s install what has an odd name', async (client, typed) => {
    if (client === 'bundle' && ways === GEM) return expect(rubygems).not.toBe(system);
    const [own, ...command] = await scene(rubygems, {
      title: '',
      name: 'a.b-C_2.x',
      server: { files: {} },
      typed,
      escaped: () => false,
    });
    expect(await own.guarded(...command)).toMatchObject({ code: 0 });
    expect(existsSync(join(own.gemHome, 'gems/a.b-C_2.x-1.0.0'))).toBe(true);
  });

  describe.each(ways)('$title', (way) => {
    it('leads out of its folder without the guard', async () => {
      const [own, ...typed] = await scene(rubygems, way);
      await own.bare(...typed);
      expect(way.escaped(own)).toBe(true);
    });

    it('is refused before anything is written or run', async () => {
      const [own, ...typed] = await scene(rubygems, way);
      const { code, stdout, stderr } = await own.guarded(...typed);
      expect([0, 97, 98, null]).not.toContain(code);
      expect(stdout + stderr).toContain('tarwarden: not inspected, so not installed: ');
      // Behind it at most that the client ended with success.
      const last = stderr.trimEnd().split('\n').slice(-2).join('\n');
      expect(last).toMatch(/^tarwarden: \.\.\/.* no gem can have the name /m);
      expect(way.escaped(own)).toBe(false);
      expect(own.ran()).toEqual([]);
      own.sandbox.assertSentinelUntouched();
    });
  });
});
