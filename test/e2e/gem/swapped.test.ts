// @module-tag ruby
/** A gem that another user changes while it is installed: what was inspected is unpacked and kept, or the client stops. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../support/execute.ts';
import { makeGem } from '../../support/gem/gems.ts';
import { rubies, system } from '../../support/gem/rubies.ts';
import type { RubyWorld } from '../../support/gem/world.ts';
import { tree } from '../../support/tree.ts';
import { serve, world } from './scene.ts';
import { INSTALL } from './way.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const good = makeGem({ name: 'prey' });
const swapped = { 'lib/swapped.rb': '' };
const hostile = makeGem({ name: 'prey', hostile: true, files: swapped });
/** Which of the guard's looks at the gem the change follows; the last is never reached, and nothing is changed. */
const MOMENTS = [1, 2, 3, 4, 5, 99];

/** Plays the other user, right after the guard has looked at the gem for the n-th time. */
const PLAY = `
module Play
  @count = 0
  def self.now
    return unless (@count += 1) == ENV['PLAY_AT'].to_i
    path = ENV['PLAY_PATH']
    return File.open(path, 'r+b') { |io| io.write(File.binread(ENV['PLAY_OTHER'])) } if ENV['PLAY_HOW'] == 'into'
    File.delete(path)
    File.binwrite(path, File.binread(ENV['PLAY_OTHER']))
  end
  def check(*)
    super.tap { Play.now }
  end
end
Tarwarden.singleton_class.prepend(Play)
`;

type How = 'into' | 'instead';

interface Change {
  readonly how: How;
  readonly at: number;
  /** Of the gem, in the project. */
  readonly path: string;
}

/** Runs a command, while somebody changes a gem. What was inspected is what is there afterwards, or the client has stopped. */
async function play(
  own: RubyWorld,
  { how, at, path }: Change,
  command: readonly [string, ...string[]],
): Promise<Result> {
  const { project, root } = own.sandbox;
  own.sandbox.write({ 'play.rb': PLAY }, root);
  writeFileSync(join(root, 'other'), hostile.bytes);
  chmodSync(join(project, path), 0o666);
  Object.assign(own.env, {
    RUBYOPT: `-r${join(root, 'play.rb')}`,
    PLAY_AT: String(at),
    PLAY_HOW: how,
    PLAY_PATH: join(project, path),
    PLAY_OTHER: join(root, 'other'),
  });
  const result = await own.guarded(...command);
  const there = tree(own.gemHome).join('\n');
  expect(there).not.toContain('swapped');
  const kept = join(own.gemHome, 'cache', good.fileName);
  if (existsSync(kept) && kept !== join(project, path))
    expect(readFileSync(kept)).toEqual(good.bytes);
  if (result.code === 0) expect(there).toContain('gems/prey-1.0.0/lib/prey.rb');
  else expect(result.stderr).toMatch(/hardlink|the file changed while it was looked at/);
  expect(tree(own.sandbox.temp)).toEqual([]);
  return result;
}

describe.each(FULL ? rubies : [system])('$name', (rubygems) => {
  it.each<How>(['into', 'instead'])('gem install of a file: %s', async (how) => {
    const codes: (number | null)[] = [];
    for (const at of MOMENTS) {
      const own = world(rubygems);
      const path = own.put(good, 'shared');
      // oxlint-disable-next-line no-await-in-loop
      const { code } = await play(own, { how, at, path }, ['gem', ...INSTALL, path]);
      codes.push(code);
    }
    expect(codes[0]).toBe(1);
    expect(codes.at(-1)).toBe(0);
  });

  it.each<How>(['into', 'instead'])('bundle install of vendor/cache: %s', async (how) => {
    const codes: (number | null)[] = [];
    for (const at of MOMENTS) {
      const own = world(rubygems);
      const path = own.put(good, 'vendor/cache');
      own.gemfile(`source 'http://127.0.0.1:9/'`, `gem 'prey'`);
      // oxlint-disable-next-line no-await-in-loop
      const { code } = await play(own, { how, at, path }, ['bundle', 'install', '--local']);
      codes.push(code);
    }
    expect(codes[0]).toBe(19);
    expect(codes.at(-1)).toBe(0);
  });

  it('bundle cache keeps no copy of what another put in the place of the gem', async () => {
    const own = world(rubygems);
    const { url } = await serve({ gems: [good] });
    own.gemfile(`source '${url}'`, `gem 'prey'`);
    expect(await own.bare('bundle', 'install')).toMatchObject({ code: 0 });
    const path = join('../gems/cache', good.fileName);
    // Of the first look, Bundler has the path that it copies.
    const result = await play(own, { how: 'instead', at: 1, path }, ['bundle', 'cache']);
    expect(result).toMatchObject({ code: 19 });
    expect(tree(join(own.sandbox.project, 'vendor')).join()).not.toContain('.gem');
  });

  it.each([
    ['the gem', good.bytes],
    ['a beginning of another format', Buffer.from('MD5SUM = "x"\n')],
  ])('%s that is another accepted one later is not read by halves', async (_, first) => {
    const own = world(rubygems);
    own.gemfile();
    const path = own.put({ ...good, bytes: first });
    writeFileSync(
      join(own.sandbox.project, 'later.gem'),
      makeGem({ name: 'prey', files: swapped }).bytes,
    );
    const lines = [
      `require 'rubygems/package'`,
      `gem = Gem::Package.new(${JSON.stringify(path)})`,
      `puts gem.spec.name if gem.instance_of?(Gem::Package)`,
      `File.rename('later.gem', ${JSON.stringify(path)})`,
      `gem.instance_of?(Gem::Package) ? gem.extract_files('out') : gem.spec`,
    ];
    const result = await own.guarded('bundle', 'exec', 'ruby', '-e', lines.join('\n'));
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('the file changed while it was looked at');
    expect(tree(join(own.sandbox.project, 'out')).join()).not.toContain('lib');
  });
});
