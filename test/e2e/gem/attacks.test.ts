// @module-tag ruby
/**
 * The attack set of gems, as a file that gem is given and as a download of Bundler. TARWARDEN_E2E_FULL=1 takes all of it and every
 * RubyGems of the machine; a slice otherwise.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanGems, gemAttacks } from '../../support/attacks/gem.ts';
import { makeGem, type Offered } from '../../support/gem/gems.ts';
import { rubies, system, type RubyGems } from '../../support/gem/rubies.ts';
import { expectRefused, type RubyWorld } from '../../support/gem/world.ts';
import type { Result } from '../../support/execute.ts';
import { serve, world } from './scene.ts';
import { INSTALL } from './way.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
/** One of so many, without the whole set. */
const SLICE = 3;

/** What the old gems among them depend on; the others on rack. Bundler stops where an index says otherwise. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'gem-syck': { json_pure: '> 0' },
  'gem-psych-1': {},
};

interface Archive {
  readonly name: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** As an index describes it, whatever is in it. */
function offered({ name, fileName, bytes }: Archive): Offered {
  const platform = /^fixture-1\.0\.0-(.+)\.gem$/.exec(fileName)?.[1] ?? 'ruby';
  const dependencies = NEEDED[name] ?? { rack: '~> 3.0' };
  return { name: 'fixture', version: '1.0.0', platform, fileName, bytes, dependencies };
}

const needed = [makeGem({ name: 'rack', version: '3.0.0' }), makeGem({ name: 'json_pure' })];

const clients = {
  async gem(own: RubyWorld, gem: Offered): Promise<Result> {
    return own.guarded('gem', ...INSTALL, '--local', '--force', `./${own.put(gem)}`);
  },
  async bundle(own: RubyWorld, gem: Offered): Promise<Result> {
    const { url } = await serve({ gems: [gem, ...needed] });
    own.gemfile(`source '${url}'`, `gem 'fixture'`);
    return own.guarded('bundle', 'install');
  },
} as const;

const cases = (FULL ? rubies : [system]).flatMap((rubygems) =>
  (['gem', 'bundle'] as const).map((client) => ({ rubygems, client })),
);

function part<T>(all: readonly T[], from: number): readonly T[] {
  return FULL ? all : all.filter((_, at) => at % SLICE === from);
}

interface Ran {
  readonly own: RubyWorld;
  readonly gem: Offered;
  readonly result: Result;
}

async function install(
  rubygems: RubyGems,
  client: keyof typeof clients,
  archive: Archive,
): Promise<Ran> {
  const own = world(rubygems);
  const gem = offered(archive);
  return { own, gem, result: await clients[client](own, gem) };
}

describe.each(cases)('$client of $rubygems.name', ({ rubygems, client }) => {
  it.each(part(gemAttacks, client === 'gem' ? 0 : 1))('is stopped by $name', async (attack) => {
    const { own, gem, result } = await install(rubygems, client, attack);
    const before = own.traces(gem).filter((line) => line.startsWith('project/file fixture-'));
    for (const rule of attack.rules) expectRefused(own, result, { gem, before, rule });
    expect(existsSync(join(own.gemHome, 'specifications/fixture-1.0.0.gemspec'))).toBe(false);
  });

  // The extension of one needs a compiler, and a gem to build it.
  const installable = cleanGems.filter(({ name }) => name !== 'gem-executables');

  it.each(part(installable, client === 'gem' ? 0 : 1))('installs $name', async (clean) => {
    const { result } = await install(rubygems, client, clean);
    expect(result.stdout + result.stderr).not.toContain('tarwarden:');
    expect(result).toMatchObject({ code: 0 });
  });
});
