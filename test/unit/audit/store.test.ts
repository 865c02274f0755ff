/** What `tarwarden audit --store` says of each way to change the caches of Yarn 1 and bun, made here as these make them. */
import { chmodSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { bunHash } from '../../../packages/audit/src/cache/bun-hash.ts';
import { bunStore } from '../../../packages/audit/src/store/bun-store.ts';
import { yarnClassicStore } from '../../../packages/audit/src/store/yarn-classic-store.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { tgz } from '../../support/pkg.ts';
import { putFile, putFiles } from '../../support/put-file.ts';
import { sri } from '../../support/registry.ts';
import { archiveOf, bytes, digestOf, FILES, said, taskOf } from './stored-packages.ts';

let folder: string;
freshFolder((made) => (folder = made));

/** Ways to change the folder of a package, and what is said of each. */
const CHANGES: readonly (readonly [name: string, change: (at: string) => void, said: RegExp])[] = [
  ['a changed file', (at) => writeFileSync(join(at, 'index.js'), 'other'), /changed "index\.js"$/],
  ['an added file', (at) => writeFileSync(join(at, 'lib/more.js'), ''), /added "lib\/more\.js"$/],
  ['a missing file', (at) => rmSync(join(at, 'lib/x.js')), /missing "lib\/x\.js"$/],
  [
    'another mode',
    (at) => chmodSync(join(at, 'index.js'), 0o755),
    /another executable bit at "index\.js"$/,
  ],
  [
    'a link in place of a file',
    (at) => {
      rmSync(join(at, 'index.js'));
      symlinkSync('/etc/passwd', join(at, 'index.js'));
    },
    /missing "index\.js"; links "index\.js"$/,
  ],
  [
    'a link in place of the folder',
    (at) => {
      renameSync(at, `${at}.real`);
      symlinkSync(`${at}.real`, at);
    },
    / is a link, which .* follows and never makes$/,
  ],
  ['a huge file', (at) => truncateSync(join(at, 'index.js'), 2 ** 43), /changed "index\.js"$/],
];

const SHA1 = '0'.repeat(40);

describe.each([
  [
    'Yarn 1',
    'yarn-classic',
    `npm-a-1.0.0-${SHA1}-integrity/node_modules/a`,
    () => yarnClassicStore(folder),
  ],
  ['bun', 'bun', 'a@1.0.0@@@1', () => bunStore(folder)],
] as const)('the cache of %s', (_, kind, path, store) => {
  let at: string;
  beforeEach(() => {
    at = join(folder, path);
    putFiles(at, FILES);
  });

  it('is clean', () => {
    expect(said(store(), taskOf(kind, {}), [archiveOf(bytes, 'npm')])).toEqual([]);
    expect(said(store(), taskOf(kind, {}), [digestOf(bytes, kind)])).toEqual([]);
  });

  it.each(CHANGES)('names %s', (_change, change, expected) => {
    change(at);
    const [first = '', ...more] = said(store(), taskOf(kind, {}), [archiveOf(bytes, 'npm')]);
    expect(first).toMatch(/^error: /);
    expect(first).toMatch(expected);
    expect(more).toEqual([]);
    const [digested = ''] = said(store(), taskOf(kind, {}), [digestOf(bytes, kind)]);
    expect(digested).toMatch(/^error: .*(tree digest|links|is a link)/);
  });

  it('is not compared without the archive, and never clean by an archive that only a cache vouches for', () => {
    expect(said(store(), taskOf(kind, {}), [])).toEqual([
      expect.stringMatching(/^unknown: .*no cache has the archive/),
    ]);
    expect(said(store(), taskOf(kind, {}), [archiveOf(bytes, 'npm', false)])).toEqual([
      expect.stringMatching(/^unknown: .*the lockfile has no hash/),
    ]);
  });

  it('is of no concern to another lockfile or another package', () => {
    expect(store().itemsFor(taskOf('package-lock', {}))).toEqual([]);
    expect(store().itemsFor(taskOf(kind, { version: '2.0.0' }))).toEqual([]);
  });
});

describe('the copy of package.json in the cache of Yarn 1', () => {
  const own = {
    name: 'a',
    version: '1.0.0',
    scripts: { test: 'x' },
    bin: './index.js',
    dependencies: { b: '1' },
  };
  const files = { ...FILES, 'package.json': JSON.stringify(own), 'server.js': '' };
  const archive = tgz({
    name: 'a',
    version: '1.0.0',
    manifest: Buffer.from(files['package.json']),
    files,
  });

  it.each([
    [
      'as Yarn writes it',
      { scripts: { test: 'x', start: 'node server.js' }, bin: { a: './index.js' } },
      undefined,
    ],
    ['with a script', { scripts: { test: 'x', install: 'evil' } }, 'scripts.install'],
    [
      'with a script of a file that is not there',
      { scripts: { install: 'node-gyp rebuild' } },
      'scripts.install',
    ],
    ['with another dependency', { dependencies: { b: '2' } }, 'dependencies.b'],
    ['with another command', { bin: { a: 'more.js' } }, 'bin.a'],
    ['with a command outside the package', { bin: { a: '../../../evil.js' } }, 'bin.a'],
    ['with a further command', { bin: { sh: 'index.js' } }, 'bin.sh'],
    ['with another version', { version: '2.0.0' }, 'another version'],
  ])('%s', (_, fields, expected) => {
    const at = join(folder, `npm-a-1.0.0-${SHA1}/node_modules/a`);
    putFiles(at, { ...files, '.yarn-metadata.json': { manifest: { ...own, bin: {}, ...fields } } });
    putFile(join(folder, 'evil.js'));
    const found = said(yarnClassicStore(folder), taskOf('yarn-classic', {}), [
      archiveOf(archive, 'npm'),
    ]);
    expect(found).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
  });
});

it('a prerelease in the cache of bun has its hash in the name, and a clean folder with another hash does not hide it', () => {
  const slot = '@scope/react@19.0.0-6b6f27d79dec3201@@@1';
  putFiles(join(folder, slot), FILES);
  const task = taskOf('bun', { name: '@scope/react', version: '19.0.0-rc.1' });
  expect(said(bunStore(folder), task, [archiveOf(bytes, 'npm')])).toEqual([]);
  putFiles(join(folder, '@scope/react@19.0.0-0123456789abcdef@@@1'), FILES);
  putFiles(join(folder, slot), { 'index.js': 'other' });
  expect(said(bunStore(folder), task, [archiveOf(bytes, 'npm')])).toEqual([
    expect.stringContaining('changed "index.js"'),
  ]);
});

it.each([
  ['beta', '50d49428a66e9f35'],
  ['canary.0', '7c6735020461f8ed'],
  ['dev.20240501', 'a3e86f8da5dcc7d7'],
  ['next-fecc288b7-20221025', '7b0e0b917883858d'],
])('bun writes the hash of %s like this', (text, hex) => {
  expect(bunHash(text)).toBe(hex);
});

it('an archive by address has the start of its hash in the cache of bun', () => {
  const integrity = { type: 'sri', value: sri(bytes) } as const;
  const hex = Buffer.from(integrity.value.slice('sha512-'.length), 'base64').toString('hex');
  const slot = `@T@sha512-${hex.slice(0, 32)}@@@1`;
  const source = { type: 'url', url: 'https://x.example/a.tgz' } as const;
  const task = taskOf('bun', { version: '', source, integrity });
  putFiles(join(folder, slot), FILES);
  expect(said(bunStore(folder), task, [archiveOf(bytes, 'npm')])).toEqual([]);
  putFiles(join(folder, slot), { 'index.js': 'other' });
  expect(said(bunStore(folder), task, [archiveOf(bytes, 'npm')])).toEqual([
    expect.stringContaining('changed "index.js"'),
  ]);
});

it('a commit in the cache of bun is not clean', () => {
  putFiles(join(folder, '@GH@o-r-abc1234@@@1'), FILES);
  const source = { type: 'git', url: 'github:o/r#abc1234' } as const;
  const [found = ''] = said(bunStore(folder), taskOf('bun', { version: '', source }), []);
  expect(found).toMatch(/^unknown: .*git repository/);
});
