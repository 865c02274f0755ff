// @module-tag ruby
/** An index that says something else of a gem than the gem itself: the compact index, and the quick index of gemspecs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../support/execute.ts';
import { makeGem, type Offered } from '../../support/gem/gems.ts';
import { system } from '../../support/gem/rubies.ts';
import type { RubyWorld } from '../../support/gem/world.ts';
import { serve, world } from './scene.ts';
import { INSTALL } from './way.ts';

const prey = makeGem({ name: 'prey', dependencies: { helper: '>= 1' } });
const others = ['helper', 'dropper'].map((name) => makeGem({ name }));

const isThere = (own: RubyWorld, name: string): boolean =>
  existsSync(join(own.gemHome, `gems/${name}-1.0.0`));

/** The index says this of the gem. */
const said = (dependencies: Offered['dependencies']): Offered => ({ ...prey, dependencies });

const HIDING = said({});
const ADDING = said({ helper: '>= 1', dropper: '>= 1' });
/** In other words, and with a dependency that any version fulfils. */
const REWORDED = said({ helper: '>= 1.0.0' });

interface Asked {
  readonly by: 'gem' | 'bundle';
  readonly bare?: true;
  readonly onlyMarshal?: true;
  readonly more?: readonly string[];
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

async function install(own: RubyWorld, gem: Offered, asked: Asked): Promise<Result> {
  const { by, bare, more = [], ...server } = asked;
  const { url } = await serve({ gems: [gem, ...others], ...server });
  const run = bare ? own.bare : own.guarded;
  own.gemfile(`source '${url}'`, `gem 'prey'`);
  if (by === 'bundle') return run('bundle', 'install');
  return run('gem', ...INSTALL, 'prey', '--clear-sources', '--source', url, ...more);
}

function expectStopped(own: RubyWorld, { code, stdout, stderr }: Result, words: string): void {
  const all = (stdout + stderr).replaceAll(/\s+/g, ' ');
  expect({ code: code !== 0, all }).toEqual({ code: true, all: expect.stringContaining(words) });
  expect(all).toContain('tarwarden: refused prey@1.0.0:');
  expect(isThere(own, 'prey')).toBe(false);
}

describe.each([system])('$name, an index', (rubygems) => {
  it('can add a dependency for the bare clients', async () => {
    for (const by of ['gem', 'bundle'] as const) {
      const own = world(rubygems);
      // oxlint-disable-next-line no-await-in-loop -- one client after the other
      expect(await install(own, ADDING, { by, bare: true })).toMatchObject({ code: 0 });
      expect(isThere(own, 'dropper')).toBe(true);
    }
  });

  it.each([
    ['gem', 'the compact index', {}],
    ['bundle', 'the compact index', {}],
    ['gem', 'the quick index', { onlyMarshal: true }],
    ['bundle', 'the quick index', { onlyMarshal: true }],
  ] as const)('is refused by %s if %s adds a dependency', async (by, index, server) => {
    const own = world(rubygems);
    const result = await install(own, ADDING, { by, ...server });
    expectStopped(own, result, `${index} shows "dropper >= 1", and the archive does not need it`);
  });

  it('is refused by gem with --force if it hides a dependency', async () => {
    const own = world(rubygems);
    const result = await install(own, HIDING, { by: 'gem', more: ['--force'] });
    const words = 'the archive needs "helper >= 1", and the compact index does not show it';
    expectStopped(own, result, words);
  });

  it('is refused by gem if it has another checksum, which the bare gem ignores', async () => {
    const info = `---\n1.0.0 helper:>= 1|checksum:${'0'.repeat(64)}\n`;
    const files = { '/info/prey': Buffer.from(info) };
    const bare = world(rubygems);
    expect(await install(bare, prey, { by: 'gem', bare: true, files })).toMatchObject({ code: 0 });
    const own = world(rubygems);
    const result = await install(own, prey, { by: 'gem', files });
    expectStopped(own, result, `the compact index has SHA-256 "${'0'.repeat(64)}"`);
  });

  it('may say the same in other words', async () => {
    const own = world(rubygems);
    expect(await install(own, REWORDED, { by: 'gem' })).toMatchObject({ code: 0 });
    expect([isThere(own, 'prey'), isThere(own, 'helper')]).toEqual([true, true]);
  });
});
