/** What `tarwarden audit --store` says of each way to change a cache. The caches are made here as their clients make them. */
import { createHash, hash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, goModuleHash } from '@tarwarden/core';
import { treeDigest, unpackedFiles, type TreeClient } from '@tarwarden/core/trees';
import type { LockedPackage, LockfileKind } from '@tarwarden/lockfiles';
import { loadSettings } from '@tarwarden/settings';
import type { AuditTask } from '../../../packages/audit/src/plan.ts';
import { bunStore } from '../../../packages/audit/src/store/bun-store.ts';
import { gemStore } from '../../../packages/audit/src/store/gem-store.ts';
import { goStore } from '../../../packages/audit/src/store/go-store.ts';
import { gemspecProblem } from '../../../packages/audit/src/store/installed-gemspec.ts';
import { npmStore } from '../../../packages/audit/src/store/npm-store.ts';
import type { ClientStore, KnownArchive } from '../../../packages/audit/src/store/stored.ts';
import { yarnClassicStore } from '../../../packages/audit/src/store/yarn-classic-store.ts';
import { yarnZipStore } from '../../../packages/audit/src/store/yarn-zip-store.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { gemOf } from '../../support/gem.ts';
import { moduleFiles, moduleZip } from '../../support/go/module-zip.ts';
import { tgz } from '../../support/pkg.ts';
import { putFile, putFiles } from '../../support/put-file.ts';
import { sri } from '../../support/registry.ts';

let folder: string;
freshFolder((made) => (folder = made));

const FILES = {
  'package.json': '{"name":"a","version":"1.0.0"}',
  'index.js': 'clean',
  'lib/x.js': 'x',
};
const bytes = tgz({
  name: 'a',
  version: '1.0.0',
  manifest: Buffer.from(FILES['package.json']),
  files: FILES,
});

function archiveOf(
  archive: Buffer,
  format: 'npm' | 'gem' | 'gomod',
  isPinned = true,
): KnownArchive {
  return {
    isPinned,
    treeFor: (client) => {
      const files = unpackedFiles(archive, format, client, DEFAULT_LIMITS);
      return files && { files };
    },
  };
}

function digestOf(archive: Buffer, client: TreeClient): KnownArchive {
  const files = unpackedFiles(archive, 'npm', client, DEFAULT_LIMITS)!;
  return { isPinned: true, treeFor: () => ({ digest: treeDigest(client, files) }) };
}

function taskOf(kind: LockfileKind, locked: Partial<LockedPackage>): AuditTask {
  const whole: LockedPackage = {
    ecosystem: 'npm',
    name: 'a',
    version: '1.0.0',
    source: { type: 'registry' },
    integrity: { type: 'sri', value: sri(bytes) },
    line: 1,
    key: '',
    ...locked,
  };
  return [{ kind, locked: whole, place: { lockfile: 'lock', line: 1 }, folder: '.' }];
}

/** All that is said of a package: the differences, and the reasons for which something was not compared. */
function said(store: ClientStore, task: AuditTask, archives: readonly KnownArchive[]): string[] {
  return store.itemsFor(task).flatMap((item) => {
    const { checks, unknown } = item.compare(archives);
    return [
      ...checks.map(({ level, message }) => `${level}: ${message.replaceAll(folder, '')}`),
      ...(unknown === undefined ? [] : [`unknown: ${unknown.message.replaceAll(folder, '')}`]),
    ];
  });
}

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
    ['with another version', { version: '2.0.0' }, 'another version'],
  ])('%s', (_, fields, expected) => {
    const at = join(folder, `npm-a-1.0.0-${SHA1}/node_modules/a`);
    putFiles(at, { ...files, '.yarn-metadata.json': { manifest: { ...own, bin: {}, ...fields } } });
    const found = said(yarnClassicStore(folder), taskOf('yarn-classic', {}), [
      archiveOf(archive, 'npm'),
    ]);
    expect(found).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
  });
});

it('a prerelease in the cache of bun has a hash in place of its name', () => {
  putFiles(join(folder, '@scope/a@1.0.0-0123456789abcdef@@@1'), FILES);
  const task = taskOf('bun', { name: '@scope/a', version: '1.0.0-beta.1' });
  expect(said(bunStore(folder), task, [archiveOf(bytes, 'npm')])).toEqual([]);
  putFiles(join(folder, '@scope/a@1.0.0-0123456789abcdef@@@1'), { 'index.js': 'other' });
  expect(said(bunStore(folder), task, [archiveOf(bytes, 'npm')])).toEqual([
    expect.stringContaining('changed "index.js"'),
  ]);
});

describe('the cache of npm', () => {
  const store = (): ClientStore => npmStore(folder, loadSettings(undefined, { HOME: folder }));
  const task = taskOf('package-lock', {});
  const other = Buffer.from('other');
  const content = (integrity: string): string => {
    const hex = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
    return join(
      folder,
      '_cacache/content-v2/sha512',
      hex.slice(0, 2),
      hex.slice(2, 4),
      hex.slice(4),
    );
  };
  const index = (url: string, ...integrities: readonly string[]): void => {
    const key = `make-fetch-happen:request-cache:${url}`;
    const hex = hash('sha256', key);
    const lines = integrities.map((integrity) => {
      const text = JSON.stringify({ key, integrity, time: 0 });
      return `\n${hash('sha1', text)}\t${text}`;
    });
    putFile(
      join(folder, '_cacache/index-v5', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)),
      lines.join(''),
    );
  };
  const TARBALL = 'https://registry.npmjs.org/a/-/a-1.0.0.tgz';
  const PAGE = 'https://registry.npmjs.org/a';
  const page = (integrity: string | undefined): void => {
    const dist = { integrity, tarball: TARBALL };
    const body = Buffer.from(JSON.stringify({ versions: { '1.0.0': { dist } } }));
    putFile(content(sri(body)), body);
    index(PAGE, sri(body));
  };

  it('is clean, or has nothing', () => {
    expect(store().itemsFor(task)).toEqual([]);
    putFile(content(sri(bytes)), bytes);
    index(TARBALL, sri(bytes));
    page(sri(bytes));
    expect(store().itemsFor(task)).toHaveLength(3);
    expect(said(store(), task, [])).toEqual([]);
  });

  it('names content that was replaced', () => {
    putFile(content(sri(bytes)), other);
    expect(said(store(), task, [])).toEqual([
      expect.stringContaining('does not have the hash of the lockfile'),
    ]);
  });

  it('names a link in place of content', () => {
    rmSync(putFile(content(sri(bytes))));
    symlinkSync('/etc/passwd', content(sri(bytes)));
    expect(said(store(), task, [])).toEqual([
      expect.stringContaining('is a link, which npm follows'),
    ]);
  });

  it('names an entry of the index that was exchanged', () => {
    index(TARBALL, sri(bytes), sri(other));
    expect(said(store(), task, [])).toEqual([
      expect.stringContaining('says that the archive has the hash'),
    ]);
  });

  it('names a page with another hash, and compares none without a hash', () => {
    page(sri(other));
    expect(said(store(), task, [])).toEqual([
      expect.stringContaining('keeps a page of the registry'),
    ]);
    page(undefined);
    expect(said(store(), task, [])).toEqual([expect.stringMatching(/^unknown: /)]);
  });

  it('names a page that was changed in place', () => {
    page(sri(bytes));
    const body = JSON.stringify({
      versions: { '1.0.0': { dist: { integrity: sri(bytes), tarball: TARBALL } } },
    });
    writeFileSync(content(sri(Buffer.from(body))), body.replace('1.0.0', '1.0.1'));
    expect(said(store(), task, [])).toEqual([
      expect.stringContaining('does not have the hash under which'),
    ]);
  });
});

it('zips of Yarn have the checksum of the lockfile', () => {
  const sha512 = createHash('sha512').update(bytes).digest('hex');
  const integrity = { type: 'yarn-zip', sha512, cacheKey: '10c0' } as const;
  const task = taskOf('yarn-berry', { integrity });
  const names = ['10c0', sha512.slice(0, 10)].map((end) => `a-npm-1.0.0-0123456789-${end}.zip`);
  for (const name of names) putFile(join(folder, name), bytes);
  putFile(join(folder, 'a-npm-1.0.0-0123456789-9.zip'), 'of another version of Yarn');
  expect(said(yarnZipStore(folder), task, [])).toEqual([]);
  for (const name of names) putFile(join(folder, name), 'other');
  expect(said(yarnZipStore(folder), task, [])).toHaveLength(2);
  expect(said(yarnZipStore(folder), taskOf('yarn-berry', { integrity: undefined! }), [])).toEqual(
    Array.from({ length: 3 }, () => expect.stringMatching(/^unknown: .*no checksum/)),
  );
});

describe('the module cache of go', () => {
  const MODULE = 'example.org/Team/m@v1.0.0';
  const zip = moduleZip({ module: MODULE });
  const h1 = goModuleHash(zip)!;
  const task = taskOf('go-sum', {
    ecosystem: 'go',
    name: 'example.org/Team/m',
    version: 'v1.0.0',
    integrity: { type: 'go-h1', value: h1 },
  });
  let at: string;
  beforeEach(() => {
    at = join(folder, 'example.org/!team/m@v1.0.0');
    putFiles(at, moduleFiles('example.org/Team/m'));
    putFile(join(folder, 'cache/download/example.org/!team/m/@v/v1.0.0.ziphash'), h1);
  });

  it('is clean by go.sum alone', () => {
    expect(said(goStore(folder), task, [])).toEqual([]);
  });

  it.each([
    ['a changed file', () => writeFileSync(join(at, 'm.go'), 'package m'), 'changed "m.go"'],
    ['an added file', () => writeFileSync(join(at, 'more.go'), ''), 'added "more.go"'],
    ['a missing file', () => rmSync(join(at, 'm.go')), 'missing "m.go"'],
    ['a link', () => symlinkSync('/etc/passwd', join(at, 'link')), 'links "link"'],
  ])('names %s', (_, change, expected) => {
    change();
    expect(said(goStore(folder), task, [archiveOf(zip, 'gomod')])).toEqual([
      expect.stringContaining(expected),
    ]);
    expect(said(goStore(folder), task, [])).toEqual([
      expect.stringContaining('does not have the hash of go.sum'),
    ]);
  });

  it('names a note with another hash', () => {
    putFile(join(folder, 'cache/download/example.org/!team/m/@v/v1.0.0.ziphash'), 'h1:other');
    expect(said(goStore(folder), task, [])).toEqual([
      expect.stringContaining('has another hash than go.sum'),
    ]);
  });
});

describe('a folder of gems', () => {
  const gem = gemOf({ name: 'g', files: { 'lib/fixture.rb': '', 'lib/g.rb': 'g', 'bin/g': '' } });
  const integrity = { type: 'sri', value: `sha256-${hash('sha256', gem, 'base64')}` } as const;
  const task = taskOf('gemfile-lock', { ecosystem: 'rubygems', name: 'g', integrity });
  const SPEC = `# -*- encoding: utf-8 -*-\n# stub: g 1.0.0 ruby lib\n\nGem::Specification.new do |s|\n  s.name = "g".freeze\n  s.version = "1.0.0".freeze\nend\n`;
  beforeEach(() => {
    putFiles(join(folder, 'gems/g-1.0.0'), { 'lib/g.rb': 'g', 'bin/g': '', 'lib/fixture.rb': '' });
    chmodSync(join(folder, 'gems/g-1.0.0/bin/g'), 0o755);
    putFile(join(folder, 'cache/g-1.0.0.gem'), gem);
    putFile(join(folder, 'specifications/g-1.0.0.gemspec'), SPEC);
  });
  const found = (): string[] => said(gemStore(folder), task, [archiveOf(gem, 'gem')]);

  it('is clean', () => {
    expect(found()).toEqual([]);
  });

  it.each([
    [
      'a changed file',
      () => putFile(join(folder, 'gems/g-1.0.0/lib/g.rb'), 'other'),
      'changed "lib/g.rb"',
    ],
    [
      'an added file',
      () => putFile(join(folder, 'gems/g-1.0.0/lib/more.rb')),
      'added "lib/more.rb"',
    ],
    [
      'another gem',
      () => putFile(join(folder, 'cache/g-1.0.0.gem'), 'other'),
      'does not have the checksum',
    ],
    [
      'another gemspec',
      () => putFile(join(folder, 'specifications/g-1.0.0.gemspec'), `${SPEC}evil\n`),
      'line 8',
    ],
  ])('names %s', (_, change, expected) => {
    change();
    expect(found()).toEqual([expect.stringContaining(expected)]);
    expect(found()[0]).toMatch(/^error: /);
  });

  it('is not clean with what a compiler made, and an added program is an error all the same', () => {
    mkdirSync(join(folder, 'extensions/x86_64-linux/3.3.0/g-1.0.0'), { recursive: true });
    putFile(join(folder, 'gems/g-1.0.0/lib/g.so'), 'made');
    expect(found()).toEqual([
      expect.stringMatching(/^unknown: .*a compiler made files in it: "lib\/g\.so"/),
      expect.stringMatching(/^unknown: .*extensions/),
    ]);
    putFile(join(folder, 'gems/g-1.0.0/lib/more.rb'));
    expect(found()[0]).toMatch(/^error: .*added "lib\/more\.rb"$/);
  });

  it.each([
    ['a call', SPEC.replace('do |s|', "do |s|\n  system('id')"), 'line 5'],
    ['interpolation', SPEC.replace('"g".freeze', '"#{`id`}".freeze'), 'line 5'],
    ['interpolation of a variable', SPEC.replace('"g".freeze', '"#$0".freeze'), 'line 5'],
    ['two statements in a line', SPEC.replace('"g".freeze', '"g".freeze; evil'), 'line 5'],
    ['an assignment that calls', SPEC.replace('end\n', '  s.summary = evil\nend\n'), 'line 7'],
    ['a path out of the gem', SPEC.replace('ruby lib', 'ruby ../x'), 'leaves the gem'],
    ['another name', SPEC.replace('"g".freeze', '"h".freeze'), 'another name'],
    ['a second name', SPEC.replace('end\n', '  s.name = "h".freeze\nend\n'), 'another name'],
    ['a stub of another gem', SPEC.replace('stub: g', 'stub: h'), 'another gem'],
  ])('a gemspec with %s is none that RubyGems writes', (_, text, expected) => {
    expect(gemspecProblem(text, { name: 'g', version: '1.0.0' })).toContain(expected);
  });
});
