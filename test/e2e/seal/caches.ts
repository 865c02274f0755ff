/* The caches of real clients, and the ways to poison each: a client would install or run what is put there. */
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { MODULE } from '../../support/go/bench.ts';
import { available } from '../../support/managers.ts';
import { added, changed, executable, extended, find, linked, type Poison } from './poisons.ts';
import { gemWorld, goWorld, npmWorld, pythonWorld, type SealWorld } from './worlds.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

export interface SealedCache {
  readonly name: string;
  /** The row of the table in the page. */
  readonly row: string;
  /** The folder instead of that in the row. */
  readonly folder?: string;
  /** Fills the folder instead of the command in the row. */
  readonly fetch?: string;
  readonly world: () => Promise<SealWorld>;
  readonly tags?: string[];
  readonly skip?: boolean;
  readonly poisons: Readonly<Record<string, Poison>>;
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

export const CACHES: readonly SealedCache[] = [
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
    (name): SealedCache => ({
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
