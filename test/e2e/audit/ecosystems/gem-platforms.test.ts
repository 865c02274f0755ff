/** Gemfile.lock that does not say for which platform a gem is installed: Bundler chooses, so every gem of the version is inspected. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  startGemServer,
  type GemServer,
  type GemServerOptions,
} from '../../../support/gem/index.ts';
import { makeGem, type Offered } from '../../../support/gem/gems.ts';
import { system } from '../../../support/gem/rubies.ts';
import { rubyWorld, type RubyWorld } from '../../../support/gem/world.ts';
import { audited } from '../audited.ts';

const plain = makeGem({ name: 'foo' });
const built = (platform: string, hostile = false): Offered =>
  makeGem({ name: 'foo', platform, hostile });
const LINUX = 'x86_64-linux';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

interface Scene {
  readonly own: RubyWorld;
  readonly server: GemServer;
}

interface Lock {
  readonly platforms: readonly string[];
  readonly gems: readonly Offered[];
  readonly checksums?: boolean;
}

const lockedAs = ({ version, platform }: Offered): string =>
  platform === 'ruby' ? `foo (${version})` : `foo (${version}-${platform})`;

async function scene(
  { platforms, gems, checksums = true }: Lock,
  offered: readonly Offered[],
  options: Partial<GemServerOptions> = {},
): Promise<Scene> {
  const own = rubyWorld(system);
  const server = await startGemServer({ gems: offered, ...options });
  open.push(
    () => own.dispose(),
    () => server.close(),
  );
  const sum = (gem: Offered): string =>
    `  ${lockedAs(gem)} sha256=${createHash('sha256').update(gem.bytes).digest('hex')}`;
  const sections: readonly (readonly [string, ...string[]])[] = [
    ['GEM', `  remote: ${server.url}`, '  specs:', ...gems.map((gem) => `    ${lockedAs(gem)}`)],
    ['PLATFORMS', ...platforms.map((platform) => `  ${platform}`)],
    ['DEPENDENCIES', '  foo'],
    ...(checksums ? [['CHECKSUMS', ...gems.map(sum)] as const] : []),
    ['BUNDLED WITH', `   ${system.bundler}`],
  ];
  const text = sections.map((lines) => `${lines.join('\n')}\n`).join('\n');
  own.sandbox.write({ 'Gemfile.lock': text });
  own.gemfile(`source '${server.url}'`, `gem 'foo'`);
  return { own, server };
}

/** What Bundler installs of the lockfile, frozen. */
async function installed({ own }: Scene): Promise<string[]> {
  own.env['BUNDLE_FROZEN'] = 'true';
  expect(await own.bare('bundle', 'install')).toMatchObject({ code: 0 });
  const folder = join(own.gemHome, 'gems');
  return existsSync(folder) ? readdirSync(folder) : [];
}

async function inspected({ own }: Scene, ...options: string[]): Promise<[number | null, string[]]> {
  const { code, packages } = await audited(own.sandbox, ...options);
  return [code, packages.map(({ status, file = '' }) => `${status} ${file}`.trim())];
}

const isLinux = process.platform === 'linux' && process.arch === 'x64';

describe.skipIf(!isLinux)('a gem for this machine that the lockfile does not have', () => {
  it.each([
    ['PLATFORMS has `ruby` alone', { platforms: ['ruby'], gems: [plain] }],
    ['there are no checksums', { platforms: ['ruby'], gems: [plain], checksums: false }],
    [
      'the lockfile has the gem of another machine',
      { platforms: ['ruby'], gems: [plain, built('arm64-darwin')] },
    ],
    [
      'the lockfile has no gem for one of PLATFORMS',
      { platforms: [LINUX, 'arm64-darwin'], gems: [built('arm64-darwin')] },
    ],
  ])('is what Bundler installs, and is inspected, where %s', async (_title, lock) => {
    const hostile = built(LINUX, true);
    const offered = [plain, hostile, built('arm64-darwin')];
    expect(await installed(await scene(lock, offered))).toEqual([`foo-1.0.0-${LINUX}`]);
    const [code, results] = await inspected(await scene(lock, offered));
    expect(results).toContain(`reject foo-1.0.0-${LINUX}.gem`);
    expect(code).toBe(1);
  });

  it('is neither installed nor asked for where PLATFORMS has another platform and the gem is for `ruby`', async () => {
    const lock = { platforms: ['ruby', LINUX], gems: [plain] };
    const offered = [plain, built(LINUX, true)];
    expect(await installed(await scene(lock, offered))).toEqual(['foo-1.0.0']);
    const audit = await scene(lock, offered);
    expect(await inspected(audit)).toEqual([0, ['accept']]);
    expect(audit.server.log).toEqual(['GET /gems/foo-1.0.0.gem']);
  });
});

describe('gems that the lockfile does not have', () => {
  const lock = { platforms: ['ruby'], gems: [plain] };

  it('are accepted with a warning where they are clean, and remembered', async () => {
    const audit = await scene(lock, [plain, built('java'), built(LINUX)]);
    const { code, packages } = await audited(audit.own.sandbox);
    expect(code).toBe(0);
    expect(
      packages.map(({ status, file, checks }) => [status, file, checks.map(({ id }) => id)]),
    ).toEqual([
      ['accept', undefined, []],
      ['accept', 'foo-1.0.0-java.gem', ['unpinned']],
      ['accept', `foo-1.0.0-${LINUX}.gem`, ['unpinned']],
    ]);
    const { length } = audit.server.downloads();
    const again = ['accept', 'accept foo-1.0.0-java.gem', `accept foo-1.0.0-${LINUX}.gem`];
    expect(await inspected(audit)).toEqual([0, again]);
    expect(audit.server.downloads()).toHaveLength(length);
  });

  it('are none where the source has no other', async () => {
    const audit = await scene(lock, [
      plain,
      makeGem({ name: 'foo', version: '1.0.1', hostile: true }),
    ]);
    expect(await inspected(audit)).toEqual([0, ['accept']]);
  });

  it.each([
    ['with --offline', {}, ['--offline']],
    ['where the source has no list of them', { onlyMarshal: true }, []],
  ])('are not inspected %s, which is said', async (_title, options, args) => {
    const audit = await scene(lock, [plain, built(LINUX, true)], options);
    audit.own.put(plain, 'vendor/cache');
    const { code, packages } = await audited(audit.own.sandbox, ...args);
    expect(packages).toMatchObject([
      { status: 'accept' },
      { status: 'error', error: { message: expect.stringContaining('another platform') } },
    ]);
    expect(code).toBe(2);
  });

  it('are not asked for under a name that is a path', async () => {
    const version = '1.0.0-../../../x';
    const info = Buffer.from(`---\n1.0.0 |\n${version} |\n`);
    const audit = await scene(lock, [plain], { files: { '/info/foo': info } });
    expect(await inspected(audit)).toEqual([2, ['accept', 'error']]);
    expect(audit.server.log.filter((line) => line.includes('x'))).toEqual([]);
  });
});
