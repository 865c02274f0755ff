/**
 * The caches of real clients under a seal, filled by the commands of docs/caches-in-ci.md: a restore to another path holds, and a poisoned
 * cache does not, in each of the ways in which a client would install or run what somebody has put there.
 */
import {
  appendFileSync,
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { removeFolder } from '../../packages/host/src/seal/index.ts';
import { execute, type Result } from '../support/execute.ts';
import { makeGem } from '../support/gem/gems.ts';
import { startGemServer } from '../support/gem/index.ts';
import { system as systemRuby } from '../support/gem/rubies.ts';
import { rubyWorld } from '../support/gem/world.ts';
import { closeGoBench, makeLockedBench, MODULE } from '../support/go/bench.ts';
import { available, envFor, repository, run, type ManagerName } from '../support/managers.ts';
import { startIndex } from '../support/pip/index.ts';
import { wheelOf } from '../support/pip/packages.ts';
import { system as systemPip } from '../support/pip/pips.ts';
import { pipWorld } from '../support/pip/world.ts';
import { tgz } from '../support/pkg.ts';
import { putFile } from '../support/put-file.ts';
import { startRegistry } from '../support/registry.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { TARWARDEN } from './verify/world.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const KEY = { TARWARDEN_SEAL_KEY: 'a secret of CI with more than thirty-two characters' };

/** A project whose packages can be fetched. */
interface World {
  readonly root: string;
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  readonly close: () => unknown;
}

/** Changes a cache. Each path is below the folder of the cache. */
type Poison = (folder: string) => void;

interface Cache {
  readonly name: string;
  /** The row of the table in the page. */
  readonly row: string;
  /** The folder instead of that in the row. */
  readonly folder?: string;
  /** Fills the folder instead of the command in the row. */
  readonly fetch?: string;
  readonly world: () => Promise<World>;
  readonly tags?: string[];
  readonly skip?: boolean;
  readonly poisons: Readonly<Record<string, Poison>>;
}

/** A file below a folder, by the end of its path. */
function find(folder: string, end: RegExp): string {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const path = all.find((each) => end.test(each) && lstatSync(join(folder, each)).isFile());
  if (path === undefined) throw new RangeError(`nothing ends with ${String(end)}`);
  return join(folder, path);
}

/** Changes a byte of a file. Its size, mode and times stay. */
const changed =
  (end: RegExp): Poison =>
  (folder) => {
    const file = find(folder, end);
    const { atime, mtime, mode } = statSync(file);
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    chmodSync(file, 0o644);
    writeFileSync(file, bytes);
    chmodSync(file, mode);
    utimesSync(file, atime, mtime);
  };
const extended =
  (end: RegExp, text: string): Poison =>
  (folder) => {
    const file = find(folder, end);
    chmodSync(file, 0o644);
    appendFileSync(file, text);
  };
const added =
  (path: string, text = 'evil\n'): Poison =>
  (folder) =>
    putFile(join(folder, path), text);
const executable =
  (end: RegExp): Poison =>
  (folder) => {
    const file = find(folder, end);
    chmodSync(file, statSync(file).mode ^ 0o100);
  };
/** Moves a file or folder out of the cache, and leaves a link to the same content. */
const linked =
  (end: RegExp): Poison =>
  (folder) => {
    const file = find(folder, end);
    chmodSync(dirname(file), 0o755);
    renameSync(file, join(folder, '..', 'moved'));
    symlinkSync(join(folder, '..', 'moved'), file);
  };

async function npmWorld(manager: ManagerName): Promise<World> {
  const packages = [
    { name: 'a', tgz: tgz({ name: 'a', files: { 'index.js': '// a\n', 'lib/b.js': '// b\n' } }) },
    { name: '@scope/b' },
  ];
  const registry = await startRegistry({ packages });
  const dependencies = { a: '1.0.0', '@scope/b': '1.0.0' };
  const sandbox = makeSandbox({
    registry: registry.url,
    project: { 'package.json': { name: 'app', version: '1.0.0', dependencies } },
  });
  const env = envFor(manager, { sandbox });
  env['YARN_CACHE_FOLDER'] = join(sandbox.root, 'yarn-cache');
  // Writes the lockfile. What it puts into caches is removed.
  const caches = { npm_config_cache: 'other', YARN_CACHE_FOLDER: join(sandbox.root, 'other') };
  const bare = manager === 'bun' ? ['--cache-dir', join(sandbox.root, 'other')] : [];
  const locked = await run(manager, ['install', ...bare], { sandbox, env: caches });
  expect(locked).toMatchObject({ code: 0 });
  for (const path of ['node_modules', '.pnp.cjs', '.yarn'])
    rmSync(join(sandbox.project, path), { recursive: true, force: true });
  for (const path of ['other', 'pnpm-home/store'])
    rmSync(join(sandbox.root, path), { recursive: true, force: true });
  const close = async (): Promise<void> => {
    sandbox.dispose();
    await registry.close();
  };
  return { root: sandbox.root, project: sandbox.project, env, close };
}

async function pythonWorld(): Promise<World> {
  const world = pipWorld(systemPip);
  const index = await startIndex({ dists: [wheelOf({ name: 'good' })] });
  world.sandbox.write({ 'requirements.txt': 'good==1.0\n' });
  // pip keeps nothing that it fetches without encryption, but for a trusted host.
  const env = {
    ...world.env,
    PIP_INDEX_URL: index.url,
    PIP_TRUSTED_HOST: '127.0.0.1',
    PIP_TARGET: 'site',
  };
  const { root, project } = world.sandbox;
  return { root, project, env, close: () => [world.dispose(), index.close()] };
}

async function gemWorld(): Promise<World> {
  const world = rubyWorld(systemRuby);
  const server = await startGemServer({ gems: [makeGem({ name: 'good' })] });
  world.gemfile(`source '${server.url}'`, `gem 'good'`);
  const { root, project } = world.sandbox;
  return { root, project, env: world.env, close: () => [world.dispose(), server.close()] };
}

async function goWorld(): Promise<World> {
  const bench = await makeLockedBench();
  const env = { ...bench.env, GOFLAGS: '-mod=mod' };
  const { root, project } = bench.sandbox;
  return { root, project, env, close: () => closeGoBench(bench) };
}

const PNPM_POISONS = {
  'a file that is changed, with all its times': changed(/files\/\w\w\/\w+$/),
  'the executable bit of a file': executable(/files\/\w\w\/\w+$/),
  'a file that was added under its hash': added(`files/00/${'0'.repeat(126)}`),
  'an index of the other format': added(`index/00/${'0'.repeat(62)}-a@1.0.0.json`, '{}'),
};
const DATABASE_POISONS = {
  'a row of the database': changed(/index\.db$/),
  'a log beside the database': (folder: string) =>
    writeFileSync(`${find(folder, /index\.db$/)}-wal`, 'evil\n'),
};

const CACHES: readonly Cache[] = [
  {
    name: 'npm-12',
    row: 'npm',
    world: () => npmWorld('npm-12'),
    poisons: {
      'a page of the registry, which an install without a lockfile takes': extended(
        /index-v5\/\w\w\/\w\w\/\w+$/,
        '\n0\t{}\n',
      ),
      'a tarball': changed(/content-v2\/sha512\/.*\w+$/),
      'a tarball that was added under its hash': added(
        `content-v2/sha512/00/00/${'0'.repeat(124)}`,
      ),
    },
  },
  ...(FULL ? (['pnpm-10', 'pnpm-11', 'pnpm-12'] as const) : (['pnpm-10', 'pnpm-12'] as const)).map(
    (name): Cache => ({
      name,
      row: 'pnpm',
      world: () => npmWorld(name),
      skip: !available(name).ok,
      poisons:
        name === 'pnpm-10'
          ? { ...PNPM_POISONS, 'an index': extended(/index\/.*\.json$/, ' ') }
          : { ...PNPM_POISONS, ...DATABASE_POISONS },
    }),
  ),
  {
    name: 'yarn-4',
    row: 'Yarn 3 and 4',
    world: () => npmWorld('yarn-4'),
    poisons: {
      'a zip': changed(/a-npm-.*\.zip$/),
      'a zip that was added': added('c-npm-1.0.0-0123456789-10c0.zip'),
    },
  },
  {
    name: 'yarn-1',
    row: 'Yarn 1',
    world: () => npmWorld('yarn-1'),
    poisons: {
      'a file of a package': changed(/node_modules\/a\/index\.js$/),
      'a script in the copy of package.json': (folder) => {
        const file = find(folder, /node_modules\/a\/\.yarn-metadata\.json$/);
        const copy = JSON.parse(readFileSync(file, 'utf8')) as { manifest: object };
        const manifest = { ...copy.manifest, scripts: { postinstall: 'evil' } };
        writeFileSync(file, JSON.stringify({ ...copy, manifest }));
      },
      'a build file that was added': (folder) =>
        writeFileSync(
          join(dirname(find(folder, /node_modules\/a\/index\.js$/)), 'binding.gyp'),
          '{}',
        ),
      'the executable bit of a file': executable(/node_modules\/a\/lib\/b\.js$/),
      'a link in place of a file': linked(/node_modules\/a\/lib\/b\.js$/),
    },
  },
  {
    name: 'bun, guarded',
    row: 'bun',
    folder: '"$XDG_CACHE_HOME/tarwarden"',
    world: () => npmWorld('bun'),
    skip: !available('bun').ok,
    poisons: { 'a file of a package': changed(/\/index\.js$/) },
  },
  {
    // Its cache has absolute links to itself.
    name: 'bun without the guard',
    row: 'bun',
    folder: '"$(bun pm cache)"',
    fetch: 'bun install --frozen-lockfile --ignore-scripts',
    world: () => npmWorld('bun'),
    skip: !available('bun').ok,
    poisons: {
      'a file of a package': changed(/\/index\.js$/),
      'a link that leads to another folder': (folder) => {
        const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
        const link = all.map((path) => join(folder, path)).find(isLink)!;
        const target = readlinkSync(link);
        rmSync(link);
        symlinkSync(`${target}/../evil`, link);
      },
    },
  },
  {
    name: 'pip',
    row: 'pip',
    tags: ['pip'],
    world: pythonWorld,
    poisons: { 'a file that an index sent': changed(/\/[0-9a-f]{56}\.body$/) },
  },
  {
    name: 'Bundler',
    row: 'Bundler',
    tags: ['ruby'],
    world: gemWorld,
    poisons: {
      'a gem': changed(/good-1\.0\.0\.gem$/),
      'a gem for another platform': (folder) =>
        cpSync(join(folder, 'good-1.0.0.gem'), join(folder, 'good-1.0.0-x86_64-linux.gem')),
    },
  },
  {
    name: 'a folder of installed gems',
    row: 'Bundler',
    tags: ['ruby'],
    folder: '"$GEM_HOME"',
    fetch: 'tarwarden bundle install',
    world: gemWorld,
    poisons: {
      'a file of a gem': changed(/gems\/good-1\.0\.0\/lib\/good\.rb$/),
      'a planted binstub': (folder) => {
        mkdirSync(join(folder, 'bin'), { recursive: true });
        writeFileSync(join(folder, 'bin/rake'), '#!/bin/sh\n', { mode: 0o755 });
      },
      'an unlisted gemspec': added('specifications/good-1.0.0-x86_64-linux.gemspec'),
      'a line in a gemspec': extended(/specifications\/good-1\.0\.0\.gemspec$/, "puts 'evil'\n"),
      'a plugin of RubyGems': added('plugins/more_plugin.rb'),
    },
  },
  {
    name: 'go',
    row: 'Go',
    tags: ['go'],
    world: goWorld,
    poisons: {
      'an unpacked file': changed(/subject@v1\.2\.3\/\w+\.go$/),
      'a zip': changed(/@v\/v1\.2\.3\.zip$/),
      'a hash of a zip': changed(/@v\/v1\.2\.3\.ziphash$/),
      'a file that was added to a module': (folder) => {
        chmodSync(join(folder, MODULE), 0o755);
        writeFileSync(join(folder, MODULE, 'evil.go'), 'package subject\n');
      },
      'a toolchain': added('golang.org/toolchain@v0.0.1-go1.99.0.linux-amd64/bin/go'),
    },
  },
];

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink();
}

/** The folder and the command of a row of the table in the page. */
function rowOf(name: string): { readonly folder: string; readonly fetch: string } {
  const page = readFileSync(join(repository, 'docs/caches-in-ci.md'), 'utf8');
  const line = page.split('\n').find((each) => each.startsWith(`| ${name} |`)) ?? '';
  const [folder = '', fetch = ''] = [...line.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
  return { folder, fetch };
}

const worlds: World[] = [];
afterEach(async () => {
  for (const { close } of worlds.splice(0)) await close();
});

describe.each(CACHES.map((cache) => [cache.name, cache] as const))(
  'the cache of %s',
  (_, cache) => {
    it.skipIf(cache.skip === true)(
      'is whole after a restore to another path, and not whole after each poison',
      { tags: cache.tags ?? [] },
      async () => {
        const world = await cache.world();
        worlds.push(world);
        const row = rowOf(cache.row);
        const bin = join(world.root, 'own-bin');
        mkdirSync(bin);
        symlinkSync(TARWARDEN, join(bin, 'tarwarden'));
        const env = { ...world.env };
        env['PATH'] = [bin, env['PATH'], '/usr/bin', '/bin'].join(delimiter);
        const bash = async (script: string): Promise<Result> =>
          execute('/bin/bash', ['-ec', script], { cwd: world.project, env });
        const seal = async (action: string, folder: string): Promise<Result> =>
          execute(process.execPath, [TARWARDEN, 'seal', action, '--for', 'ci', folder], {
            cwd: world.project,
            env: { ...env, ...KEY },
          });

        const fetched = await bash(cache.fetch ?? row.fetch);
        expect(fetched).toMatchObject({ code: 0 });
        const { stdout } = await bash(`printf %s ${cache.folder ?? row.folder}`);
        const folder = resolve(world.project, stdout);
        const written = await seal('write', folder);
        expect(written).toMatchObject({ code: 0 });
        expect(Number(/(\d+) entr/.exec(written.stdout)?.[1])).toBeGreaterThan(0);
        expect(await seal('check', folder)).toMatchObject({ code: 0 });

        // As a CI service saves and restores it, on another machine and to another path.
        const archive = join(world.root, 'cache.tar');
        const parent = dirname(folder);
        expect(
          await bash(`tar -C '${parent}' -cf '${archive}' '${basename(folder)}'`),
        ).toMatchObject({ code: 0 });
        removeFolder(folder);
        rmSync(env['XDG_STATE_HOME']!, { recursive: true, force: true });
        const restore = async (to: string): Promise<string> => {
          mkdirSync(to, { recursive: true });
          expect(await bash(`tar -C '${to}' -xf '${archive}'`)).toMatchObject({ code: 0 });
          return join(to, basename(folder));
        };
        const elsewhere = await restore(join(world.root, 'elsewhere'));
        expect(await seal('check', elsewhere)).toMatchObject({
          code: 0,
          stdout: expect.stringContaining(' is whole: ') as string,
        });

        for (const [name, poison] of Object.entries(cache.poisons)) {
          const restored = await restore(join(world.root, 'poisoned'));
          poison(restored);
          const result = await seal('check', restored);
          expect([name, result.code, result.stdout]).toEqual([
            name,
            1,
            expect.stringContaining('differ'),
          ]);
          removeFolder(join(world.root, 'poisoned'));
        }

        // The client takes a restored cache that is whole.
        await restore(parent);
        expect(await seal('check', folder)).toMatchObject({ code: 0 });
        rmSync(join(world.project, 'node_modules'), { recursive: true, force: true });
        expect(await bash(cache.fetch ?? row.fetch)).toMatchObject({ code: 0 });
        removeFolder(elsewhere);
        removeFolder(folder);
      },
    );
  },
);
