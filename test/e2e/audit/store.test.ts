/** `tarwarden audit --store`: caches that real clients filled, and that were poisoned before they came back. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../support/execute.ts';
import { freshAll, freshEach } from '../../support/fresh-each.ts';
import { makeGem } from '../../support/gem/gems.ts';
import { startGemServer } from '../../support/gem/index.ts';
import { system as systemRuby } from '../../support/gem/rubies.ts';
import { rubyWorld } from '../../support/gem/world.ts';
import {
  closeGoBench,
  makeGoBench,
  MODULE,
  unguarded,
  unpackedAt,
} from '../../support/go/bench.ts';
import { available, pnpms, run, type ManagerName } from '../../support/managers.ts';
import { startIndex } from '../../support/pip/index.ts';
import { sdistOf } from '../../support/pip/packages.ts';
import { system as systemPip } from '../../support/pip/pips.ts';
import { INTO, pipWorld } from '../../support/pip/world.ts';
import { tgz } from '../../support/pkg.ts';
import { putFile } from '../../support/put-file.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { expectClean, expectNamed, find, gate } from './store-gate.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const CLEAN = "module.exports = 'clean';\n";
const POISON = "module.exports = 'poison';\n";

describe('the clients of npm’s registries', () => {
  const registry = freshAll(() =>
    startRegistry({ packages: [{ name: 'a', tgz: packed(CLEAN) }, { name: '@scope/b' }] }),
  );
  const dependencies = { a: '1.0.0', '@scope/b': '1.0.0' };
  const sandbox = freshEach(() =>
    makeSandbox({
      registry: registry.url,
      project: {
        'package.json': {
          name: 'app',
          version: '1.0.0',
          dependencies,
          dependenciesMeta: { a: { unplugged: true } },
        },
      },
    }),
  );
  const install = async (manager: ManagerName, ...args: string[]): Promise<void> => {
    const installed = await run(manager, args, { sandbox, env: { CI: undefined } });
    expect(installed).toMatchObject({ code: 0 });
  };
  const store = (): Promise<Result> => gate(sandbox.project, sandbox.env);
  const installed = (path: string): string =>
    readFileSync(join(sandbox.project, 'node_modules', path), 'utf8');
  const removeInstalled = (): void =>
    rmSync(join(sandbox.project, 'node_modules'), { recursive: true });

  it('Yarn 1 installs changed files of its cache, and runs scripts that only its copy of package.json has; the gate names both', async () => {
    await install('yarn-1', 'install');
    removeInstalled();
    expectClean(await store());
    const file = find(sandbox.root, /v6\/npm-a-.*\/node_modules\/a\/index\.js$/);
    writeFileSync(file, POISON);
    const metadata = join(dirname(file), '.yarn-metadata.json');
    const copy = JSON.parse(readFileSync(metadata, 'utf8')) as { manifest: object };
    const mark = join(sandbox.root, 'mark');
    const manifest = { ...copy.manifest, scripts: { postinstall: `touch ${mark}` } };
    writeFileSync(metadata, JSON.stringify({ ...copy, manifest }));
    await install('yarn-1', 'install', '--frozen-lockfile', '--offline');
    expect(installed('a/index.js')).toBe(POISON);
    expect(readFileSync(mark, 'utf8')).toBe('');
    expectNamed(await store(), 'REJECTED a@1.0.0', /npm-a-1\.0\.0-.*changed "index\.js"/);
    writeFileSync(file, CLEAN);
    expectNamed(await store(), 'REJECTED a@1.0.0', /\.yarn-metadata\.json.*scripts\.postinstall/);
  });

  it.skipIf(!available('bun').ok)(
    'bun installs changed files, and the gate names them',
    async () => {
      await install('npm-10', 'install', '--no-package-lock');
      removeInstalled();
      await install('bun', 'install');
      removeInstalled();
      expectClean(await store());
      writeFileSync(find(sandbox.root, /\/a@1\.0\.0@.*\/index\.js$/), POISON);
      await install('bun', 'install', '--frozen-lockfile');
      expect(installed('a/index.js')).toBe(POISON);
      expectNamed(await store(), 'REJECTED a@1.0.0', /a@1\.0\.0@.*changed "index\.js"/);
    },
  );

  it.each<ManagerName>(FULL ? pnpms : ['pnpm-12'])(
    '%s links a changed file of its store, and the gate names it',
    async (manager) => {
      await install('npm-10', 'install', '--no-package-lock');
      removeInstalled();
      await install(manager, 'install');
      removeInstalled();
      expectClean(await store());
      const hex = createHash('sha512').update(CLEAN).digest('hex');
      const file = find(sandbox.pnpmStore, new RegExp(`files/${hex.slice(0, 2)}/${hex.slice(2)}$`));
      const { atime, mtime } = statSync(file);
      writeFileSync(file, POISON);
      utimesSync(file, atime, mtime);
      await install(manager, 'install', '--frozen-lockfile', '--offline');
      expect(installed('a/index.js')).toBe(POISON);
      expectNamed(await store(), 'REJECTED a@1.0.0', /files\/.* is "index\.js" of the package/);
    },
  );

  it('Yarn 4 keeps changed files of .yarn/unplugged, and the gate names them', async () => {
    await install('yarn-4', 'install');
    expectClean(await store());
    writeFileSync(find(sandbox.project, /unplugged\/a-npm-.*\/index\.js$/), POISON);
    await install('yarn-4', 'install', '--immutable');
    expect(readFileSync(find(sandbox.project, /unplugged\/a-npm-.*\/index\.js$/), 'utf8')).toBe(
      POISON,
    );
    expectNamed(await store(), 'REJECTED a@1.0.0', /unplugged\/a-npm-.*changed "index\.js"/);
    const manifest = find(sandbox.project, /unplugged\/a-npm-.*\/package\.json$/);
    writeFileSync(manifest, '{"name":"z","version":"9.0.0"}');
    await install('yarn-4', 'install', '--immutable');
    expect(readFileSync(manifest, 'utf8')).toContain('9.0.0');
    expectNamed(await store(), 'REJECTED a@1.0.0', /unplugged\/a-npm-.*changed "index\.js"/);
    const at = dirname(dirname(dirname(manifest)));
    renameSync(at, join(sandbox.root, 'elsewhere'));
    symlinkSync(join(sandbox.root, 'elsewhere'), at);
    await install('yarn-4', 'install', '--immutable');
    expectNamed(await store(), 'REJECTED a@1.0.0', /unplugged\/a-npm-.*changed "index\.js"/);
  });

  it('npm installs what a poisoned page in its cache names, and the gate names the page', async () => {
    const own = await startRegistry({
      packages: [{ name: 'a', tgz: packed(POISON) }, { name: '@scope/b' }],
    });
    try {
      sandbox.npmrc(`registry=${own.url}`);
      await install('npm-10', 'install', '--no-package-lock');
      removeInstalled();
      own.publish({ name: 'a', tgz: packed(CLEAN) });
      const elsewhere = join(sandbox.root, 'elsewhere');
      await install('npm-10', 'install', '--cache', elsewhere);
      removeInstalled();
      expectClean(await gate(sandbox.project, { ...sandbox.env, npm_config_cache: elsewhere }));
      await install('npm-10', 'install', '--no-package-lock', '--prefer-offline');
      expect(installed('a/index.js')).toBe(POISON);
      expectNamed(
        await store(),
        'REJECTED a@1.0.0',
        /_cacache\/index-v5\/.* keeps a page of the registry/,
      );
    } finally {
      await own.close();
    }
  });
});

function packed(code: string): Buffer {
  return tgz({ name: 'a', version: '1.0.0', files: { 'index.js': code } });
}

describe('go', { tags: ['go'] }, () => {
  const bench = freshEach(() => makeGoBench(), closeGoBench);

  it('builds changed files of the module cache, and the gate names them', async () => {
    bench.proxy.publish({ module: MODULE });
    expect(await unguarded(bench, ['build', './...'])).toMatchObject({ code: 0 });
    const store = (): Promise<Result> => gate(bench.sandbox.project, bench.env);
    expectClean(await store());
    const [file = ''] = readdirSync(unpackedAt(bench)).filter((name) => name.endsWith('.go'));
    const path = join(unpackedAt(bench), file);
    chmodSync(path, 0o644);
    writeFileSync(path, 'package subject\n\nconst Word = "poison"\n');
    const ran = await unguarded(bench, ['run', '.'], { env: { GOPROXY: 'off' } });
    expect(ran).toMatchObject({ code: 0, stderr: 'poison\n' });
    expectNamed(await store(), `REJECTED ${MODULE}`, `changed "${file}"`);
  });
});

describe('Bundler', { tags: ['ruby'] }, () => {
  it('runs changed files and gemspecs of a gem folder, and the gate names them', async () => {
    const world = rubyWorld(systemRuby);
    const gems = [makeGem({ name: 'good' }), makeGem({ name: 'fine' })];
    const server = await startGemServer({ gems });
    try {
      world.gemfile(`source '${server.url}'`, `gem 'good'`, `gem 'fine'`);
      expect(await world.bare('bundle', 'lock', '--add-checksums')).toMatchObject({ code: 0 });
      expect(await world.bare('bundle', 'install')).toMatchObject({ code: 0 });
      const store = (): Promise<Result> => gate(world.sandbox.project, world.env);
      expectClean(await store());
      const file = join(world.gemHome, 'gems/good-1.0.0/lib/good.rb');
      const right = readFileSync(file);
      writeFileSync(file, "puts 'poison'\n");
      expect(await world.bare('bundle', 'install')).toMatchObject({ code: 0 });
      const ran = await world.bare('bundle', 'exec', 'ruby', '-e', "require 'good'");
      expect(ran).toMatchObject({ code: 0, stdout: 'poison\n' });
      expectNamed(await store(), 'REJECTED good@1.0.0', /good-1\.0\.0 .*changed "lib\/good\.rb"/);
      writeFileSync(file, right);
      const spec = join(world.gemHome, 'specifications/good-1.0.0.gemspec');
      const text = readFileSync(spec, 'utf8');
      writeFileSync(spec, text.replace('do |s|\n', "do |s|\n  puts 'poison'\n"));
      const listed = await world.bare('ruby', '-e', "gem 'good'");
      expect(listed).toMatchObject({ code: 0, stdout: 'poison\n' });
      expectNamed(await store(), 'REJECTED good@1.0.0', /good-1\.0\.0\.gemspec has a line/);
      const evil = join(world.sandbox.root, 'evil');
      putFile(join(evil, 'lib/good.rb'), "puts 'poison'\n");
      const load = ['-e', "gem 'good'; require 'good'"];
      writeFileSync(spec, text.replace('do |s|\n', `do |s|\n  s.full_gem_path = "${evil}"\n`));
      expect(await world.bare('ruby', ...load)).toMatchObject({ code: 0, stdout: 'poison\n' });
      expectNamed(await store(), 'REJECTED good@1.0.0', /good-1\.0\.0\.gemspec has a line/);
      writeFileSync(spec, text);
      const plugin = join(world.gemHome, 'plugins/more_plugin.rb');
      putFile(plugin, "puts 'poison'\n");
      const gems = await world.bare('gem', 'list');
      expect(gems.stdout).toContain('poison\n');
      expectNamed(await store(), /plugins\/more_plugin\.rb is not a plugin that RubyGems writes/);
      rmSync(plugin);
      const other = join(world.gemHome, 'specifications/good-1.0.0-x86_64-linux.gemspec');
      writeFileSync(
        other,
        text
          .replace('1.0.0 ruby', '1.0.0 x86_64-linux')
          .replace('\n\n  s.', '\n  s.platform = "x86_64-linux".freeze\n\n  s.'),
      );
      putFile(join(world.gemHome, 'gems/good-1.0.0-x86_64-linux/lib/good.rb'), "puts 'poison'\n");
      expect(await world.bare('ruby', ...load)).toMatchObject({ code: 0, stdout: 'poison\n' });
      const platform = await store();
      expect(platform.stdout).toMatch(/x86_64-linux\.gemspec could not be compared/);
      expect(platform.code).toBe(2);
    } finally {
      world.dispose();
      server.close();
    }
  });
});

describe('pip', { tags: ['pip'] }, () => {
  it('installs a changed wheel of its own; the gate names what the sdist does not have, and calls none clean', async () => {
    const world = pipWorld(systemPip);
    const files = { 'src/good/__init__.py': 'value = 1\n' };
    const dist = sdistOf({ name: 'good', files });
    const index = await startIndex({ dists: [dist] });
    try {
      const sha256 = createHash('sha256').update(dist.bytes).digest('hex');
      world.sandbox.write({ 'requirements.txt': `good==1.0 --hash=sha256:${sha256}\n` });
      // pip keeps nothing that it fetches without encryption, but for a trusted host.
      Object.assign(world.env, { PIP_INDEX_URL: index.url, PIP_TRUSTED_HOST: '127.0.0.1' });
      const install = ['install', '--upgrade', ...INTO, '-r', 'requirements.txt'];
      const store = (): Promise<Result> => gate(world.sandbox.project, world.env);
      expect(await world.bare('pip', ...install)).toMatchObject({ code: 0 });
      const built = await store();
      expect(built.stdout).toContain('NOT INSPECTED good@1.0');
      expect(built.stdout).toMatch(/good-1\.0-py3-none-any\.whl could not be compared: pip built/);
      expect(built.code).toBe(2);
      const wheel = find(world.sandbox.root, /wheels\/.*\.whl$/);
      const python = `
import zipfile
files = [(one, file.read(one)) for file in [zipfile.ZipFile('${wheel}')] for one in file.infolist()]
with zipfile.ZipFile('${wheel}', 'w') as file:
    for one, body in files: file.writestr(one, body.replace(b'value = 1', b'poison = 1'))
`;
      expect(await world.bare('python3', '-c', python)).toMatchObject({ code: 0 });
      expect(await world.bare('pip', ...install)).toMatchObject({ code: 0 });
      expect(readFileSync(join(world.site, 'good/__init__.py'), 'utf8')).toContain('poison');
      expectNamed(await store(), 'REJECTED good@1.0', /\.whl has .* changed "good\/__init__\.py"/);
    } finally {
      world.dispose();
      index.close();
    }
  });
});
