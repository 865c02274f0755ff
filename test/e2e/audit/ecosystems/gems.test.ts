/** Gemfile.lock: gems from the project, from caches, and from the source that it names. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../../../support/execute.ts';
import { startFileServer, type FileServer } from '../../../support/file-server.ts';
import { makeGem, type Offered } from '../../../support/gem/gems.ts';
import { findProgram } from '../../../support/programs.ts';
import { makeSandbox, type Sandbox } from '../../../support/sandbox.ts';
import { audited, origins } from '../audited.ts';

const COUNT = 300;
const clean = Array.from({ length: COUNT }, (_, n) =>
  makeGem({ name: `gem${n}`, ...(n % 3 === 0 && { platform: 'x86_64-linux' }) }),
);
const evil = makeGem({ name: 'evil', hostile: true });
const a = makeGem({ name: 'a' });

let server: FileServer;
let sandbox: Sandbox;
beforeEach(async () => {
  server = await startFileServer();
  sandbox = makeSandbox({ project: {} });
});
afterEach(async () => {
  sandbox.dispose();
  await server.close();
});

const full = ({ fileName }: Offered): string => fileName.slice(0, -'.gem'.length);
const versionOf = (gem: Offered): string => full(gem).slice(gem.name.length + 1);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Locked {
  readonly remote?: string;
  readonly checksums?: boolean;
  readonly sections?: string;
  readonly platforms?: readonly string[];
}

function lock(
  gems: readonly Offered[],
  { remote, checksums = true, sections, platforms = ['ruby', 'x86_64-linux'] }: Locked = {},
): void {
  const at = remote ?? `${server.url}/`;
  const specs = gems.map((gem) => `    ${gem.name} (${versionOf(gem)})\n`).join('');
  const sums = gems.map((gem) => `  ${gem.name} (${versionOf(gem)}) sha256=${sha256(gem.bytes)}\n`);
  const sections_ = checksums ? `\nCHECKSUMS\n${sums.join('')}` : '';
  const text = `${sections ?? ''}GEM\n  remote: ${at}\n  specs:\n${specs}\nPLATFORMS\n${platforms.map((one) => `  ${one}\n`).join('')}${sections_}\nBUNDLED WITH\n   2.6.7\n`;
  sandbox.write({ 'Gemfile.lock': text, Gemfile: `source "${at}"\n` });
}

function serve(...gems: readonly Offered[]): void {
  for (const { fileName, bytes } of gems) server.files.set(`/gems/${fileName}`, { body: bytes });
}

function put(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

describe('a Gemfile.lock of 300 gems and a hostile one', () => {
  it('has the hostile one rejected, each asked for once, cold, and none, warm', async () => {
    serve(...clean, evil);
    lock([...clean, evil]);
    const cold = await audited(sandbox);
    expect(cold.with('reject')).toEqual(['evil@1.0.0']);
    expect(cold.with('accept')).toHaveLength(COUNT);
    expect(origins(cold.packages)).toEqual({ registry: COUNT + 1 });
    expect(cold.code).toBe(1);
    expect(server.asked).toHaveLength(COUNT + 1);
    expect(new Set(server.asked).size).toBe(COUNT + 1);

    const warm = await audited(sandbox, '--offline');
    expect(warm.with('reject')).toEqual(['evil@1.0.0']);
    expect(origins(warm.packages)).toEqual({ remembered: COUNT + 1 });
    expect(server.asked).toHaveLength(COUNT + 1);
  });

  it('is inspected from caches without a request', async () => {
    const caches = ['.gem/ruby/3.3.0/cache', '.bundle/cache/gems/h.443.abc', 'gems/cache'];
    for (const [n, { fileName, bytes }] of [...clean, evil].entries())
      put(join(sandbox.home, caches[n % 3]!, fileName), bytes);
    sandbox.env['GEM_HOME'] = join(sandbox.home, 'gems');
    lock([...clean, evil]);
    const { packages, with: those, code } = await audited(sandbox);
    expect(those('reject')).toEqual(['evil@1.0.0']);
    expect(origins(packages)).toEqual({ 'gem-cache': COUNT + 1 });
    expect(code).toBe(1);
    expect(server.asked).toEqual([]);
  });
});

describe('a gem', () => {
  it('that RubyGems itself made is accepted', { tags: ['ruby'] }, async () => {
    const spec = `Gem::Specification.new { |s| s.name = 'real'; s.version = '1.2.3'; s.summary = 'x'; s.authors = ['x']; s.files = ['lib/real.rb'] }\n`;
    sandbox.write({ 'real.gemspec': spec, 'lib/real.rb': 'REAL = 1\n' }, sandbox.temp);
    const env = { ...sandbox.env, PATH: process.env['PATH'] };
    await execute(findProgram('gem')!, ['build', 'real.gemspec'], { cwd: sandbox.temp, env });
    const bytes = readFileSync(join(sandbox.temp, 'real-1.2.3.gem'));
    const real = { ...a, name: 'real', version: '1.2.3', fileName: 'real-1.2.3.gem', bytes };
    serve(real);
    lock([real]);
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([{ status: 'accept', from: 'registry', checks: [] }]);
    expect(code).toBe(0);
  });

  it('without a checksum is inspected, with a warning', async () => {
    serve(a);
    lock([a], { checksums: false });
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([
      { status: 'accept', checks: [{ id: 'unpinned', level: 'warning' }] },
    ]);
    expect(code).toBe(0);
  });

  it('of another checksum is rejected', async () => {
    serve({ ...a, bytes: evil.bytes });
    lock([a]);
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([
      { status: 'reject', checks: [{ id: 'integrity-mismatch' }], error: { code: 'NO_BYTES' } },
    ]);
    expect(code).toBe(1);
  });

  it('of another checksum in vendor/cache is not used, and another one is inspected', async () => {
    serve(a);
    put(join(sandbox.project, 'vendor/cache', a.fileName), evil.bytes);
    lock([a]);
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([
      { from: 'registry', checks: [{ id: 'cache-mismatch', level: 'warning' }] },
    ]);
    expect(code).toBe(0);
  });

  it('is not looked for in a vendor/cache that leads out of the project', async () => {
    put(join(sandbox.root, 'elsewhere/cache', a.fileName), a.bytes);
    symlinkSync(join(sandbox.root, 'elsewhere'), join(sandbox.project, 'vendor'));
    lock([a]);
    const { packages } = await audited(sandbox, '--offline');
    expect(packages[0]?.error?.message).toContain('--offline');
  });

  it.each(['../../../etc/passwd', 'a/../../b'])('named %s is not looked for', async (name) => {
    lock([{ ...a, name, fileName: `${name}-1.0.0.gem` }]);
    const { packages, code } = await audited(sandbox);
    expect(packages[0]?.error?.message).toBe('no gem can have this name and version');
    expect(code).toBe(2);
    expect(server.asked).toEqual([]);
  });

  it('from git is not inspected, and one in a folder is without an archive', async () => {
    serve(a);
    const git = 'GIT\n  remote: https://h.test/g\n  revision: abc\n  specs:\n    g (1.0)\n\n';
    lock([a], { sections: `${git}PATH\n  remote: ../p\n  specs:\n    p (1.0)\n\n` });
    const { code, with: those } = await audited(sandbox);
    expect(those('error')).toEqual(['g@1.0']);
    expect(those('own')).toEqual(['p@1.0']);
    expect(code).toBe(2);
  });
});

describe('a source', () => {
  it.each([
    ['that the Gemfile names is none that is foreign', 'source "URL"\n', []],
    ['that no file names is foreign', 'source "https://rubygems.org"\n', ['foreign-host']],
  ])('%s', async (_, gemfile, checks) => {
    serve(a);
    lock([a]);
    sandbox.write({ Gemfile: gemfile.replace('URL', server.url) });
    const { packages, code } = await audited(sandbox);
    expect(packages[0]?.checks.map(({ id }) => id)).toEqual(checks);
    expect(code).toBe(checks.length);
  });

  it('gets the credential that the user has for it, which no other host gets', async () => {
    const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    const own = await startFileServer(basic);
    const key = `BUNDLE_${own.url.toUpperCase().replaceAll('.', '__')}/`;
    sandbox.write({ '.bundle/config': `---\n${key}: "me:secret"\n` }, sandbox.home);
    own.redirects.set(`/gems/${a.fileName}`, `${server.url}/gems/${a.fileName}`);
    serve(a);
    lock([a], { remote: `${own.url}/` });
    const { packages } = await audited(sandbox);
    expect(packages).toMatchObject([{ status: 'accept', from: 'registry' }]);
    expect([...own.credentials]).toEqual([basic]);
    expect([...server.credentials]).toEqual([]);

    lock([a, evil]);
    await audited(sandbox);
    expect([...server.credentials]).toEqual([]);
    await own.close();
  });

  it('does not get it where the repository says so', async () => {
    const key = `BUNDLE_${server.url.toUpperCase().replaceAll('.', '__')}/`;
    sandbox.write({ '.bundle/config': `---\n${key}: "me:secret"\nBUNDLE_MIRROR__ALL: http://x\n` });
    serve(a);
    lock([a]);
    expect((await audited(sandbox)).code).toBe(0);
    expect([...server.credentials]).toEqual([]);
  });

  it('is asked at the mirror that the user has for it', async () => {
    serve(a);
    const config = `---\nBUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: "${server.url}"\n`;
    sandbox.write({ '.bundle/config': config }, sandbox.home);
    lock([a], { remote: 'https://rubygems.org/' });
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([{ status: 'accept', checks: [] }]);
    expect(code).toBe(0);
  });
});
