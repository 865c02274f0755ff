// @module-tag ruby
/** A hostile gem stops RubyGems and Bundler whichever way it comes, and its clean twin is installed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeGem } from '../../support/gem/gems.ts';
import { rubies, system } from '../../support/gem/rubies.ts';
import { expectRefused } from '../../support/gem/world.ts';
import { go } from './scene.ts';
import { waysOf } from './ways.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

const clients = ['gem', 'bundle'] as const;
const cases = (FULL ? rubies : [system]).flatMap((rubygems) =>
  clients.map((client) => ({ rubygems, client })),
);

describe.each(cases)('$client of $rubygems.name', ({ rubygems, client }) => {
  // Without the whole table: every way of a hostile one, and some of the clean.
  const all = waysOf(rubygems, client);
  const clean = FULL ? all : all.filter((_, at) => at % 4 === 0);

  it.each(all)('is stopped: $name', async (way) => {
    const gem = makeGem({ name: 'prey', hostile: true });
    const { world, result, before } = await go(rubygems, way, gem);
    expectRefused(world, result, { gem, before, forgiven: way.forgives === true });
  });

  it.each(clean)('uses a gem in order: $name', async (way) => {
    const { world, result } = await go(rubygems, way, makeGem({ name: 'prey' }));
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout + result.stderr).not.toContain('tarwarden:');
    if (way.installsNothing !== true)
      expect(existsSync(join(world.gemHome, 'gems/prey-1.0.0/lib/prey.rb'))).toBe(true);
  });
});
