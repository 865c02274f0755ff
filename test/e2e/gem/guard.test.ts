// @module-tag ruby
/** The guard of RubyGems and Bundler beside what it refuses: that it is there, stays there, and leaves no trace. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_ENVIRONMENT } from '@tarwarden/pip-gem-hooks/protocol';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../support/execute.ts';
import { makeGem } from '../../support/gem/gems.ts';
import { rubies, system } from '../../support/gem/rubies.ts';
import { expectRefused, type RubyWorld } from '../../support/gem/world.ts';
import { repository } from '../../support/managers.ts';
import { tree } from '../../support/tree.ts';
import { serve, world } from './scene.ts';
import { INSTALL } from './way.ts';

const GUARD = join(repository, 'packages/pip-gem-hooks/guard/ruby/tarwarden.rb');
const UNGUARDED = 'refusing to run unguarded';
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

/** A gem that comes before the real one, and defines a class in a file of its own. */
function fakeGem(own: RubyWorld, file: string, ...lines: string[]): void {
  const { root, bin } = own.sandbox;
  own.sandbox.write({ [file]: `${lines.join('\n')}\n` }, root);
  const code = `module Gem; class GemRunner; end; end; require '${join(root, file)}'; puts 'RAN'`;
  writeFileSync(join(bin, 'gem'), `#!/bin/sh\nexec ruby -e "${code}"\n`);
}

describe('a client that cannot be guarded is not run', () => {
  it.each([
    ['Gem::Package::FileSource', 'file_source.rb', 'with_read_io'],
    ['Gem::RemoteFetcher', 'remote_fetcher.rb', 'cache_update_path'],
    ['Gem::Package', 'package.rb', 'copy_to'],
    ['Bundler::Retry', 'retry.rb', 'fail_attempt'],
  ])('where %s of %s has no %s', async (name, file, method) => {
    const own = world(system);
    const others = ['download', 'with_read_io', 'cache_update_path', 'copy_to', 'fail_attempt'];
    const outer = name.startsWith('Gem::Package::')
      ? 'class Gem::Package; end'
      : 'module Bundler; end';
    const methods = others.filter((one) => one !== method).map((one) => `def ${one}; end`);
    fakeGem(own, file, outer, `class ${name}`, ...methods, 'end');
    const result = await own.guarded('gem', 'install', 'x');
    expect(result).toMatchObject({ code: 97, stdout: '' });
    expect(result.stderr).toContain(`has no ${name}#${method}: ${UNGUARDED}`);
  });

  it('and one whose class is opened elsewhere before it is defined is', async () => {
    const own = world(system);
    fakeGem(own, 'rubygems_ext.rb', 'class Gem::Package; def open_tar_gz; end; end');
    expect(await own.guarded('gem', 'list')).toMatchObject({ code: 0, stdout: 'RAN\n' });
  });

  it('where nobody is there to ask', async () => {
    const own = world(system);
    own.env['RUBYOPT'] = `-r${GUARD}`;
    own.env[SERVICE_ENVIRONMENT.address] = `unix:${join(own.sandbox.root, 'none')}`;
    const gem = makeGem({ name: 'prey' });
    const result = await own.bare('gem', ...INSTALL, `./${own.put(gem)}`);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('tarwarden: the inspector does not answer');
    expect(existsSync(join(own.gemHome, 'gems'))).toBe(false);
  });

  it('where RUBYOPT cannot hold its path', async () => {
    const own = world(system);
    const folder = join(own.sandbox.root, 'a folder');
    symlinkSync(join(repository, 'packages'), folder);
    const main = join(folder, 'cli/bin/tarwarden.js');
    const result = await own.bare('node', '--preserve-symlinks-main', main, 'gem', 'list');
    expect(result).toMatchObject({ code: 97, stdout: '' });
    expect(result.stderr).toContain('RUBYOPT cannot hold');
  });
});

describe('a client that ran without the guard does not end with success', () => {
  it.each(['gem', 'bundle'])('%s', async (client) => {
    const own = world(system);
    const script = `#!/bin/sh\nexec ${system.ruby} --disable=rubyopt -S /usr/bin/${client} "$@"\n`;
    writeFileSync(join(own.sandbox.bin, client), script);
    // gem is free to print its version without the guard. Bundler starts what the project chooses.
    const result = await own.guarded(client, client === 'gem' ? 'list' : '--version');
    expect(result).toMatchObject({ code: 98 });
    expect(result.stderr).toContain('UNCHECKED');
  });

  it('nor one whose classes are loaded where the guard cannot see it', async () => {
    const own = world(system);
    own.sandbox.write({
      'hidden.rb': 'TracePoint.new(:line) { require "rubygems/package" }.enable { 1 }\n',
    });
    own.env['RUBYOPT'] = `-r${join(own.sandbox.project, 'hidden.rb')}`;
    const result = await own.guarded('gem', 'list');
    expect(result).toMatchObject({ code: 97 });
    expect(result.stderr).toContain('was not guarded');
  });
});

describe.each(FULL ? rubies : [system])('$name', (rubygems) => {
  it('asks once for a gem that is refused, where Bundler would try again', async () => {
    const own = world(rubygems);
    const gem = makeGem({ name: 'prey', hostile: true });
    const server = await serve({ gems: [gem] });
    own.gemfile(`source '${server.url}'`, `gem 'prey'`);
    own.env['BUNDLE_RETRY'] = '3';
    expectRefused(own, await own.guarded('bundle', 'install'), { gem, before: [] });
    expect(server.downloads()).toHaveLength(1);
  });

  it('goes on with nothing after a refusal, where gem would install the next', async () => {
    const own = world(rubygems);
    const gem = makeGem({ name: 'prey', hostile: true });
    const { url } = await serve({ gems: [gem, makeGem({ name: 'other' })] });
    const args = ['--clear-sources', '--source', url, 'prey', 'other'];
    expectRefused(own, await own.guarded('gem', ...INSTALL, ...args), { gem, before: [] });
    expect(existsSync(join(own.gemHome, 'gems/other-1.0.0'))).toBe(false);
  });

  it('writes the lockfile that Bundler writes without it, with checksums that hold', async () => {
    const gems = [makeGem({ name: 'prey' })];
    const { url } = await serve({ gems });
    const lock = async (run: 'bare' | 'guarded'): Promise<string> => {
      const own = world(rubygems);
      own.gemfile(`source '${url}'`, `gem 'prey'`);
      expect(await own[run]('bundle', 'lock', '--add-checksums')).toMatchObject({ code: 0 });
      expect(await own[run]('bundle', 'install')).toMatchObject({ code: 0 });
      own.env['BUNDLE_FROZEN'] = 'true';
      expect(await own[run]('bundle', 'install', '--redownload')).toMatchObject({ code: 0 });
      return readFileSync(join(own.sandbox.project, 'Gemfile.lock'), 'utf8');
    };
    const guarded = await lock('guarded');
    expect(guarded).toBe(await lock('bare'));
    expect(guarded).toMatch(/prey \(1\.0\.0\) sha256=/);
    expect(guarded).not.toMatch(/tarwarden/i);
  });

  it('is guarded where a gem starts it, and a script cannot hide the refusal', async () => {
    const own = world(rubygems);
    const gem = makeGem({ name: 'prey', hostile: true });
    const path = join(own.sandbox.project, own.put(gem));
    const before = own.traces(gem);
    own.gemfile();
    own.sandbox.write({ 'it.rb': `system('gem', 'install', ${JSON.stringify(path)})\nexit 0\n` });
    const result = await own.guarded('bundle', 'exec', 'ruby', 'it.rb');
    expectRefused(own, result, { gem, before });
  });

  it('lets a hostile file lie in the folder where another gem is installed', async () => {
    const own = world(rubygems);
    own.put(makeGem({ name: 'prey', hostile: true }));
    const { url } = await serve({ gems: [makeGem({ name: 'other' })] });
    const args = ['--clear-sources', '--source', url, 'other'];
    expect(await own.guarded('gem', ...INSTALL, ...args)).toMatchObject({ code: 0 });
    expect(existsSync(join(own.gemHome, 'gems/other-1.0.0'))).toBe(true);
  });

  it('inspects what a program reads of a stream', async () => {
    const own = world(rubygems);
    own.gemfile();
    const read = async (hostile: boolean): Promise<Result> => {
      const path = own.put(makeGem({ name: 'prey', hostile }));
      const code = `require 'rubygems/package'; puts Gem::Package.new(File.open(${JSON.stringify(path)}, 'rb')).spec.name`;
      return own.guarded('bundle', 'exec', 'ruby', '-e', code);
    };
    expect(await read(false)).toMatchObject({ code: 0, stdout: 'prey\n' });
    const result = await read(true);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('tarwarden: prey-1.0.0.gem is refused: hardlink');
  });

  it('refuses a gem of another name than was asked for', async () => {
    const own = world(rubygems);
    const other = makeGem({ name: 'evil' });
    const gem = { ...makeGem({ name: 'prey' }), bytes: other.bytes };
    const { url } = await serve({ gems: [gem] });
    const args = ['--clear-sources', '--source', url, 'prey'];
    const result = await own.guarded('gem', ...INSTALL, ...args);
    expectRefused(own, result, { gem, before: [], rule: 'gemspec-mismatch' });
  });

  it('activates no tmpdir of Ruby for its private copy of a gem', async () => {
    const own = world(rubygems);
    own.gemfile();
    const path = JSON.stringify(own.put(makeGem({ name: 'prey' })));
    const lines = [
      `require 'rubygems/package'`,
      `puts Gem::Package.new(File.open(${path}, 'rb')).spec.name`,
      `puts Gem.loaded_specs.keys.include?('tmpdir')`,
    ];
    own.sandbox.write({ 'it.rb': lines.join('\n') });
    const code = `Bundler.with_original_env { exit system('ruby', 'it.rb') }`;
    const result = await own.guarded('bundle', 'exec', 'ruby', '-e', code);
    expect(result).toMatchObject({ code: 0, stdout: 'prey\nfalse\n' });
    expect(tree(own.sandbox.temp)).toEqual([]);
  });

  it('leaves no default gem activated for what bundle exec runs', async () => {
    const own = world(rubygems);
    own.gemfile();
    const args = ['exec', 'ruby', '-e', 'puts Gem.loaded_specs.keys.sort.join(" ")'];
    const bare = await own.bare('bundle', ...args);
    expect(await own.guarded('bundle', ...args)).toMatchObject({ code: 0, stdout: bare.stdout });
  });
});

it('a password of a server is shown by nobody', async () => {
  const own = world(system);
  const gem = makeGem({ name: 'prey', hostile: true });
  const { url } = await serve({ gems: [gem], auth: { user: 'jo', password: 'hush' } });
  const args = ['--clear-sources', '--source', url, 'prey'];
  const result = await own.guarded('gem', ...INSTALL, ...args);
  expectRefused(own, result, { gem, before: [] });
  expect(result.stdout + result.stderr).not.toContain('hush');
});

it('a path with every odd character is reported as it is', async () => {
  const own = world(system);
  const gem = makeGem({ name: 'prey', hostile: true });
  const folder = 'odd "é\\\n\u0001\u{1f48e} folder';
  const path = own.put(gem, folder);
  const before = own.traces(gem);
  const result = await own.guarded('gem', ...INSTALL, path);
  expectRefused(own, result, { gem, before });
  expect(result.stderr).toContain(String.raw`/odd "é\\n\x01💎 folder/prey-1.0.0.gem`);
});

it.skipIf(process.platform !== 'linux')(
  'a gem in a folder that is not UTF-8 is inspected',
  async () => {
    const own = world(system);
    const folder = Buffer.concat([Buffer.from(`${own.sandbox.project}/caf`), Buffer.from([0xe9])]);
    mkdirSync(folder);
    const install = async (hostile: boolean): Promise<Result> => {
      const { bytes } = makeGem({ name: 'prey', hostile });
      writeFileSync(Buffer.concat([folder, Buffer.from('/prey-1.0.0.gem')]), bytes);
      own.sandbox.write({
        'it.rb': `Dir.chdir(Dir['caf*'][0]) { exit system('gem', 'install', '--no-document', './prey-1.0.0.gem') }\n`,
      });
      return own.guarded('bundle', 'exec', 'ruby', 'it.rb');
    };
    own.gemfile();
    const refused = await install(true);
    expect(refused.stderr).toContain('is refused: hardlink');
    expect(existsSync(join(own.gemHome, 'gems'))).toBe(false);
    expect(await install(false)).toMatchObject({ code: 0 });
    expect(existsSync(join(own.gemHome, 'gems/prey-1.0.0'))).toBe(true);
  },
);

it('what the user has in RUBYOPT stays, and is loaded after the guard', async () => {
  const own = world(system);
  own.sandbox.write({ 'mine.rb': 'puts "mine ran, #{defined?(Tarwarden)}"\n' });
  own.env['RUBYOPT'] = `-W0 -r${join(own.sandbox.project, 'mine.rb')}`;
  const result = await own.guarded('gem', '--version');
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout).toBe(`mine ran, constant\n${system.version}\n`);
});

it('what gem is asked, its exit code and its input are its own', async () => {
  const own = world(system);
  const bare = await own.bare('gem', 'install', '--nonsense');
  expect(await own.guarded('gem', 'install', '--nonsense')).toMatchObject({
    code: bare.code,
    stderr: bare.stderr,
  });
});
