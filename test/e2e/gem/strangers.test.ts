// @module-tag ruby
/** A Gemfile, settings and plugins of Bundler in a folder above the project, which another user of the machine has put there. */
import { chownSync, existsSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { system } from '../../support/gem/rubies.ts';
import { rubyWorld, type RubyWorld } from '../../support/gem/world.ts';

/** A user that no machine knows. */
const MALLORY = 54_322;

let world: RubyWorld;
let ran: string;
beforeEach(() => {
  world = rubyWorld(system);
  ran = join(world.sandbox.root, 'ran');
});
afterEach(() => world.dispose());

/** Writes a file above the project, or in it. */
function put(name: string, text: string, uid = MALLORY): string {
  const file = join(world.sandbox.root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chownSync(file, uid, uid);
  return file;
}

const code = (): string => `File.write(${JSON.stringify(ran)}, '')\n`;
const refused = (file: string, words: string) => ({
  code: 97,
  stderr: expect.stringMatching(
    new RegExp(`was not run: ${file} belongs to uid ${MALLORY}\\n.*${words}`),
  ),
});

describe.skipIf(process.getuid?.() !== 0)('a file of another user above the project', () => {
  it.each(['Gemfile', 'gems.rb'])(
    '%s is run by Bundler alone, and refused under the guard',
    async (name) => {
      const file = put(name, code());
      await world.bare('bundle', 'list');
      expect(existsSync(ran)).toBe(true);
      const { code: ended, stderr } = await world.guarded('bundle', 'install');
      expect({ code: ended, stderr }).toEqual(refused(file, 'Ruby code'));
    },
  );

  it('a link of another user counts as well', async () => {
    const target = put('elsewhere/x', code(), 0);
    const link = join(world.sandbox.root, 'Gemfile');
    symlinkSync(target, link);
    lchownSync(link, MALLORY, MALLORY);
    expect(await world.guarded('bundle', 'install')).toMatchObject(refused(link, 'Ruby code'));
  });

  it.each([
    ['.bundle/config', 'BUNDLE_MIRROR__ALL: "http://127.0.0.1:9/"\n', 'BUNDLE_MIRROR__ALL'],
    ['.bundle/config', 'BUNDLE_PATH: "/srv"\n', 'BUNDLE_PATH'],
    ['.bundle/config', '- x\n', 'cannot read'],
    ['.bundle/plugin/index', '---\n', 'plugins'],
    ['Gemfile.lock', 'GEM\n  remote: http://127.0.0.1:9/\n  specs:\n', 'sources'],
  ])('%s beside a Gemfile of root: %j', async (name, text, words) => {
    put('Gemfile', '', 0);
    const file = put(name, text);
    expect(await world.guarded('bundle', 'install')).toMatchObject(refused(file, words));
  });

  it.each([
    [
      'settings that name no source',
      '.bundle/config',
      'BUNDLE_JOBS: "2"\nBUNDLE_RETRY: "1"\n',
      MALLORY,
    ],
    ['settings of root', '.bundle/config', 'BUNDLE_JOBS: "2"\nBUNDLE_FROZEN: "false"\n', 0],
    ['another file', 'Rakefile', 'x', MALLORY],
  ])('%s are not refused', async (_, name, text, uid) => {
    put('Gemfile', '', 0);
    put(name, text, uid);
    expect(await world.guarded('bundle', 'install')).toMatchObject({ code: 0 });
  });

  it('an option of the program that bundle starts names no Gemfile', async () => {
    const file = put('Gemfile', code());
    const args = ['exec', 'ruby', '-e', '1', '--', '--gemfile=x'];
    expect(await world.guarded('bundle', ...args)).toMatchObject(refused(file, 'Ruby code'));
  });

  it('a Gemfile above does not count where the user has or names one', async () => {
    put('Gemfile', code());
    put('mine/Gemfile', '', 0);
    expect(await world.guarded('bundle', 'install', '--gemfile=../mine/Gemfile')).toMatchObject({
      code: 0,
    });
    world.gemfile();
    expect(await world.guarded('bundle', 'install')).toMatchObject({ code: 0 });
    expect(existsSync(ran)).toBe(false);
  });

  it('settings in a folder that BUNDLE_APP_CONFIG names are the choice of the user, unless it is relative', async () => {
    put('Gemfile', '', 0);
    const file = put('app/config', 'BUNDLE_FROZEN: "false"\n');
    world.env['BUNDLE_APP_CONFIG'] = dirname(file);
    expect(await world.guarded('bundle', 'install')).toMatchObject({ code: 0 });
    world.env['BUNDLE_APP_CONFIG'] = 'app';
    expect(await world.guarded('bundle', 'install')).toMatchObject(refused(file, 'BUNDLE_FROZEN'));
  });

  it('gem install -g takes the one in the folder', async () => {
    const file = put('project/Gemfile', code());
    expect(await world.guarded('gem', 'list')).toMatchObject({ code: 0 });
    expect(await world.guarded('gem', 'install', '-g')).toMatchObject(refused(file, 'Ruby code'));
    expect(existsSync(ran)).toBe(false);
  });
});
