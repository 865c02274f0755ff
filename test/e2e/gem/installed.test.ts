// @module-tag ruby
/** What was installed just now: nothing of it is loaded into the process that goes on installing, and all of it where it is to run. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../support/execute.ts';
import { makeGem, TRACE, type Offered } from '../../support/gem/gems.ts';
import { rubies, system } from '../../support/gem/rubies.ts';
import { expectRefused, type RubyWorld } from '../../support/gem/world.ts';
import { serve, world } from './scene.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const INSTALL = ['install', '--clear-sources', '--document', 'ri,rdoc'];
/** Takes the guard out where it is loaded, and leaves its mark. */
const HOSTILE = `
File.write(ENV['${TRACE}'], "loaded\\n", mode: 'a')
%i[check_bytes check_file reading].each do |name|
  Tarwarden.define_singleton_method(name) { |*given, **, &block| block&.call(given[0], nil) }
end if defined?(Tarwarden)
`;

interface Ran {
  readonly own: RubyWorld;
  readonly result: Result;
}

const prey = makeGem({ name: 'prey', hostile: true });

type Case = readonly [name: string, gem: Offered];

const everywhere: readonly Case[] = [
  [
    'that RDoc looks for in all gems',
    makeGem({ name: 'good', files: { 'lib/rdoc/discover.rb': HOSTILE } }),
  ],
  [
    'that nothing else has',
    makeGem({ name: 'good', files: { 'lib/tarwarden_test_only.rb': HOSTILE } }),
  ],
];
/** Where no -I puts the libraries of Ruby before all gems. */
const libraries: readonly Case[] = [
  [
    'of a newer version of what comes with Ruby',
    makeGem({ name: 'erb', version: '99.0.0', files: { 'lib/erb.rb': HOSTILE } }),
  ],
];

describe.each(FULL ? rubies : [system])('$name', (rubygems) => {
  const cases = rubygems.lib === undefined ? [...everywhere, ...libraries] : everywhere;

  it.each(cases)('gem install loads no file %s', async (_, gem) => {
    const { url } = await serve({ gems: [gem, prey] });
    const run = async (how: 'bare' | 'guarded', ...names: string[]): Promise<Ran> => {
      const own = world(rubygems);
      const line = `Gem.post_install { begin require 'tarwarden_test_only'; rescue LoadError; end }\n`;
      own.sandbox.write({ 'wants.rb': line });
      own.env['RUBYOPT'] = `-r${join(own.sandbox.project, 'wants.rb')}`;
      return { own, result: await own[how]('gem', ...INSTALL, '--source', url, ...names) };
    };
    const bare = await run('bare', gem.name);
    expect(bare.own.ran()).toContain('loaded');
    const alone = await run('guarded', gem.name);
    expect(alone.result).toMatchObject({ code: 0 });
    expect(alone.result.stdout).toContain('Installing darkfish documentation');
    const { own, result } = await run('guarded', gem.name, 'prey');
    expectRefused(own, result, { gem: prey, before: [] });
    expect([...alone.own.ran(), ...own.ran()]).toEqual([]);
  });
});

it('bundle install loads no newer version of what comes with Ruby', async () => {
  const gem = makeGem({ name: 'open3', version: '99.0.0', files: { 'lib/open3.rb': HOSTILE } });
  const own = world(system);
  // As the build of an extension asks for it.
  own.sandbox.write({ 'wants.rb': `Gem.post_install { require 'open3' }\n` });
  own.env['RUBYOPT'] = `-r${join(own.sandbox.project, 'wants.rb')}`;
  const { url } = await serve({ gems: [gem] });
  own.gemfile(`source '${url}'`, `gem 'open3'`);
  expect(await own.guarded('bundle', 'install')).toMatchObject({ code: 0 });
  expect(own.ran()).toEqual([]);
  own.env['RUBYOPT'] = '';
  const used = await own.guarded('bundle', 'exec', 'ruby', '-e', `require 'open3'`);
  expect(used).toMatchObject({ code: 0 });
  expect(own.ran()).toEqual(['loaded']);
});

it('a program that installs gems by bundler/inline finds what is in them', async () => {
  const own = world(system);
  const { url } = await serve({ gems: [makeGem({ name: 'other' })] });
  own.gemfile();
  const code = [
    `require 'bundler/inline'`,
    `gemfile(true) { source '${url}'; gem 'other' }`,
    `require 'other'`,
    `puts Gem.find_files('other').size`,
  ].join('\n');
  own.sandbox.write({ 'inline.rb': code });
  const result = await own.guarded('bundle', 'exec', 'ruby', 'inline.rb');
  expect(result).toMatchObject({ code: 0 });
  expect(result.stdout).toMatch(/^[1-9]$/m);
  expect(own.ran()).toEqual(['other']);
});
