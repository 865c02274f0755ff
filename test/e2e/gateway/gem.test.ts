// @module-tag ruby
/* What real RubyGems and Bundlers do behind a gateway: their rows in docs/server/gateway.md. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeGem } from '../../support/gem/gems.ts';
import { startGemServer, type GemServer } from '../../support/gem/index.ts';
import { rubies, system } from '../../support/gem/rubies.ts';
import { rubyWorld, type RubyWorld } from '../../support/gem/world.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startGateway, type Gateway } from './support.ts';

/** Past what waits in memory: it is inspected as a file. */
const padding = randomBytes(512 * 1024).toString('hex');
const leaf = makeGem({ name: 'leaf', files: { 'lib/padding.txt': padding } });
const clean = makeGem({ name: 'clean', dependencies: { leaf: '>= 1.0' } });
const evil = makeGem({ name: 'evil', hostile: true });
const carrier = makeGem({ name: 'carrier', dependencies: { evil: '>= 1.0' } });
const gems = [leaf, clean, evil, carrier];

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const ONLY_FROM = '--clear-sources --no-document --source';

describe.each(full ? rubies : [system])('$name', (ruby) => {
  describe.each([false, true])('an index of Marshal alone: %s', (onlyMarshal) => {
    let server: GemServer;
    let guarding: Sandbox;
    let gateway: Gateway;
    let world: RubyWorld;
    beforeAll(async () => {
      server = await startGemServer({ gems, onlyMarshal });
      guarding = makeSandbox();
      gateway = await startGateway(server.url, guarding, { ecosystem: 'rubygems' });
    });
    afterAll(async () => {
      await gateway.end('SIGTERM');
      guarding.dispose();
      server.close();
    });
    beforeEach(() => {
      world = rubyWorld(ruby);
    });
    afterEach(() => world.dispose());

    const install = async (name: string) =>
      world.bare('gem', 'install', ...ONLY_FROM.split(' '), `${gateway.url}/`, name);
    const bundle = async (name: string) => {
      world.gemfile(`source '${gateway.url}/'`, `gem '${name}'`);
      return world.bare('bundle', 'install', '--retry', '0');
    };

    test('gem installs what is accepted, with its dependencies', async () => {
      const { code, stdout, stderr } = await install('clean');
      expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
      for (const gem of [clean, leaf]) expect(world.traces(gem)).not.toEqual([]);
      expect(gateway.held()).toEqual([]);
    });

    test('gem and Bundler are set up as is documented, and Gemfile.lock keeps the source', async () => {
      world.sandbox.write({ '.gemrc': `---\n:sources:\n- ${gateway.url}/\n` }, world.sandbox.home);
      expect(await world.bare('gem', 'install', '--no-document', 'leaf')).toMatchObject({
        code: 0,
      });
      const from = 'https://rubygems.org';
      await world.bare('bundle', 'config', 'set', '--global', `mirror.${from}`, gateway.url);
      world.gemfile(`source '${from}'`, `gem 'clean'`);
      expect(await world.bare('bundle', 'install')).toMatchObject({ code: 0 });
      const lock = readFileSync(join(world.sandbox.project, 'Gemfile.lock'), 'utf8');
      expect(lock).toContain(`remote: ${from}/\n`);
      expect(lock).not.toContain(gateway.url);
    });

    test.each(['evil', 'carrier'])('gem refuses %s, and shows the reason', async (name) => {
      const { code, stdout, stderr } = await install(name);
      expect(stdout + stderr).toMatch(/tarwarden: evil-1\.0\.0\.gem is refused.*403/s);
      expect(code).not.toBe(0);
      expect(world.traces(evil).filter((path) => !path.includes('specs'))).toEqual([]);
      world.sandbox.assertSentinelUntouched();
    });

    test('Bundler installs what is accepted, with the checksums that it has', async () => {
      const { code, stdout, stderr } = await bundle('clean');
      expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
      for (const gem of [clean, leaf]) expect(world.traces(gem)).not.toEqual([]);
      if (onlyMarshal) return;
      await world.bare('bundle', 'lock', '--add-checksums');
      const lock = readFileSync(join(world.sandbox.project, 'Gemfile.lock'), 'utf8');
      const sha256 = createHash('sha256').update(clean.bytes).digest('hex');
      expect(lock).toContain(`clean (1.0.0) sha256=${sha256}`);
    });

    test.each(['evil', 'carrier'])('Bundler refuses %s, and shows the reason', async (name) => {
      const { code, stdout, stderr } = await bundle(name);
      expect(stdout + stderr).toMatch(/tarwarden: evil-1\.0\.0\.gem is refused/);
      expect(code).not.toBe(0);
      expect(world.traces(evil).filter((path) => !/specs|Gemfile/.test(path))).toEqual([]);
      world.sandbox.assertSentinelUntouched();
    });
  });
});

describe('a dependency whose name is a path', () => {
  // The address is that of a list that the gateway has, and the file is beside the folder of Bundler.
  const path = makeGem({ name: '../../../../../info/leaf' });
  const outer = makeGem({ name: 'outer', dependencies: { [path.name]: '>= 0' } });

  test.each([false, true])(
    'leads out of its folder, but not behind a gateway: %s',
    async (isGuarded) => {
      const server = await startGemServer({ gems: [leaf, outer, path] });
      const guarding = makeSandbox();
      const gateway = await startGateway(server.url, guarding, { ecosystem: 'rubygems' });
      const world = rubyWorld(system);
      try {
        const folder = join(world.sandbox.root, 'info');
        mkdirSync(folder);
        world.gemfile(`source '${isGuarded ? `${gateway.url}/` : server.url}'`, `gem 'outer'`);
        await world.bare('bundle', 'install', '--retry', '0');
        expect(readdirSync(folder)).toHaveLength(isGuarded ? 0 : 1);
      } finally {
        world.dispose();
        await gateway.end('SIGTERM');
        guarding.dispose();
        server.close();
      }
    },
  );
});
