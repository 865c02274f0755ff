/** What real packages do: each of these must be accepted without an error. */
import type { GzipOptions } from '../gzip.ts';
import { tgz, type PkgOptions } from '../pkg.ts';
import { end, entry, header, pax, type HeaderOptions, type Part } from '../tar.ts';
import { inWords, type BuildOptions } from './attack.ts';

export interface CleanOddity {
  /** Unique, kebab-case. */
  id: string;
  /** What the archive does, in words. */
  title: string;
  build(options?: BuildOptions): Buffer;
}

function clean(words: string, odd: PkgOptions, gzip?: GzipOptions): CleanOddity {
  return {
    ...inWords(words),
    build: ({ name = 'fixture', version = '1.0.0' } = {}) => tgz({ name, version, ...odd }, gzip),
  };
}

/** The oddity lies in the headers of the package's own files. */
const headers = (words: string, defaults: HeaderOptions): CleanOddity => clean(words, { defaults });

/** The oddity lies in entries added to the package. */
const added = (words: string, ...entries: Part[]): CleanOddity => clean(words, { entries });

const ordinary = 'module.exports = 1\n';
const deep = `package/${'node_modules/some-long-folder/'.repeat(4)}`;

const nodetar = Object.fromEntries(
  [
    'author.name',
    'author.email',
    'dependencies.a',
    'scripts.test',
    'repository.url',
    'license',
    'bugs.url',
  ].map((key) => [`NODETAR.package.${key}`, 'x']),
);

export const cleanOddities: readonly CleanOddity[] = [
  clean('plain: an ordinary package', {}),

  // fixture/package.json
  clean('other-top-folder: another first folder than package', { top: 'fixture' }),
  clean('top-folder-with-space: a space in the first folder', { top: 'types for fixture' }),
  clean('top-folder-hash: the first folder of a GitHub archive', {
    top: 'owner-fixture-0a1b2c3',
  }),

  // package/./lib/a.js
  added('dot-component: a `.` component', entry({ name: 'package/./lib/a.js', body: ordinary })),

  // ./package/lib/a.js

  // package/index.js, package/./index.js with equal bytes
  added(
    'same-path-twice: the same path twice with equal bytes',
    entry({ name: 'package/./index.js', body: ordinary }),
  ),

  // package/ and package/lib/ (directories)
  clean('directory-entries: directory entries', {
    before: [entry({ name: 'package/', typeflag: '5', mode: 0o755 })],
    entries: [
      entry({ name: 'package/lib/', typeflag: '5', mode: 0o755 }),
      entry({ name: 'package/lib/a.js', body: ordinary }),
    ],
  }),
  added(
    'directory-without-slash: a directory entry without a slash',
    entry({ name: 'package/lib', typeflag: '5', mode: 0o755 }),
  ),

  // x path=…, over a header name cut at 100 bytes
  added(
    'pax-path: a PAX path for a long name',
    pax({ path: `${deep}index.js` }, { name: 'PaxHeader/index.js' }),
    entry({ name: `${deep}index.js`.slice(0, 99), body: ordinary }),
  ),
  added(
    'pax-path-equal: a PAX path equal to the name',
    pax({ path: 'package/a.js' }),
    entry({ name: 'package/a.js', body: ordinary }),
  ),
  added(
    'pax-path-unicode: a PAX path beyond ASCII',
    pax({ path: 'package/\u00e9.js' }),
    entry({ name: 'package/\u00e9.js', body: ordinary }),
  ),
  added(
    'pax-size-equal: a PAX size equal to the header',
    pax({ size: String(ordinary.length) }),
    entry({ name: 'package/a.js', body: ordinary }),
  ),
  added(
    'pax-nodetar: NODETAR keys',
    pax({ path: 'package/a.js', ...nodetar }),
    entry({ name: 'package/a.js', body: ordinary }),
  ),
  added(
    'pax-schily: SCHILY keys, times and LIBARCHIVE keys',
    pax({
      'SCHILY.dev': '16777220',
      'SCHILY.ino': '12345',
      'SCHILY.nlink': '1',
      'LIBARCHIVE.creationtime': '1500000000',
      mtime: '1500000000.123456',
      atime: '1500000000',
      ctime: '1500000000.5',
      uid: '501',
      gname: 'staff',
    }),
    entry({ name: 'package/a.js', body: ordinary }),
  ),

  // g comment=<commit>
  clean('pax-global-comment: a global header with a comment', {
    before: [pax({ comment: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567' }, { global: true })],
  }),

  // g mtime=… uname=…, as `tar --pax-option` writes it
  clean('pax-global-owner-and-time: a global header with times and owners', {
    before: [
      pax(
        { mtime: '1500000000.5', atime: '0', ctime: '-1', uid: '501', uname: 'x', gname: '' },
        { global: true },
      ),
    ],
  }),

  // x SCHILY.xattr.com.apple.provenance=01 00 00 …, as bsdtar of macOS writes it
  added(
    'pax-xattr-binary: an extended attribute with NULs, before a path',
    pax([
      ['SCHILY.xattr.com.apple.provenance', Buffer.from('01000012ff00e2be0d3d20', 'hex')],
      ['path', 'package/a.js'],
    ]),
    entry({ name: 'package/a.js', body: ordinary }),
  ),

  // zeros behind the gzip member, up to the end of a record (nopt@1.0.10, foo@1.0.0)
  clean('gzip-zero-record: zeros behind the gzip member', {}, { trailing: Buffer.alloc(9736) }),

  // dist/node_modules/.modules.yaml and its like, of a build (pnpm@10.34.8, bower@1.8.14)
  clean('built-node-modules: what managers noted of the node_modules of a build', {
    files: {
      'dist/node_modules/.modules.yaml': '',
      'dist/node_modules/.pnpm/lock.yaml': '',
      'dist/node_modules/.pnpm-workspace-state-v1.json': '{}',
      'lib/node_modules/.yarn-integrity': '{}',
    },
  }),

  // lib/ast-js/.git, of a submodule that is not there (art@0.10.3)
  clean('git-link-to-nothing: the link of a git submodule', {
    files: { 'lib/ast-js/.git': 'gitdir: ../../.git/modules/lib/ast-js\n' },
  }),

  // package/data.txt with the mode 655, which nothing runs (ember-cli@3.28.6)
  added(
    'others-may-run: a file of mode 655 that nothing runs',
    entry({ name: 'package/data.txt', mode: 0o655, body: 'x\n' }),
  ),

  // "bin": "" (url-loader@1.1.2)
  clean('empty-bin: an empty bin', { manifest: { bin: '' } }),

  headers('base256-ids: uid and gid in base-256', {
    uid: { base256: 2_000_000_001n },
    gid: { base256: 1_900_000_001n },
  }),
  headers('empty-uid: empty uid and gid', { uid: null, gid: null }),
  headers('empty-mtime: empty mtime', { mtime: null }),
  headers('mtime-zero: mtime of zero', { mtime: 0 }),
  headers('space-padded-numbers: numbers that end in space and NUL', {
    mode: { text: '000644 \0' },
    uid: { text: '000765 \0' },
    gid: { text: '000024 \0' },
  }),

  // prefix=package/… name=index.js
  added(
    'ustar-prefix: a ustar prefix',
    entry({
      prefix: `package/${'folder-of-some-length/'.repeat(4)}lib`,
      name: 'index.js',
      body: ordinary,
    }),
  ),
  headers('typeflag-nul: type NUL for a file', { typeflag: 0 }),
  headers('gnu-magic: GNU magic', { magic: 'gnu' }),
  headers('owner-names: names of user and group', {
    uname: 'builder',
    gname: 'staff',
    devmajor: 0,
    devminor: 0,
  }),
  headers('world-writable: world-writable modes', { mode: 0o777 }),
  headers('mode-666: modes of 0666', { mode: 0o666 }),
  headers('executable: executable modes', { mode: 0o755 }),

  clean('extra-zero-blocks: more zero blocks at the end', { tail: [end(6)] }),
  // The package has two files of one block each: 4 blocks, so 16 more make a record of 10,240 bytes.
  clean('record-padding: padding to 10,240 bytes', { tail: [end(16)] }),

  clean('bundled-node-modules: bundled node_modules', {
    manifest: { bundleDependencies: ['tarwarden-dep'], dependencies: { 'tarwarden-dep': '1.0.0' } },
    files: {
      'node_modules/tarwarden-dep/package.json': '{"name":"tarwarden-dep","version":"1.0.0"}\n',
      'node_modules/tarwarden-dep/index.js': ordinary,
    },
  }),
  clean('nested-manifest: a nested package.json', {
    files: { 'esm/package.json': '{"type":"module"}\n' },
  }),
  clean('install-script: an install script', {
    manifest: { scripts: { postinstall: 'node index.js' } },
  }),
  clean('missing-main: a main that is missing', { manifest: { main: 'lib/nowhere.js' } }),
  clean('directories-bin: directories.bin', {
    manifest: { directories: { bin: './bin' } },
    files: { 'bin/fixture.js': '#!/usr/bin/env node\n' },
  }),
  clean('bin-target: bin with and without `./`', {
    manifest: { bin: { fixture: './bin/fixture.js', other: 'bin/fixture.js' } },
    files: { 'bin/fixture.js': '#!/usr/bin/env node\n' },
  }),
  clean('bin-crlf-shebang: a bin with a CRLF shebang', {
    manifest: { bin: './cli.js' },
    files: { 'cli.js': '#!/usr/bin/env node\r\n' },
  }),
  clean('bin-no-shebang: a bin without a shebang', {
    manifest: { bin: './cli.js' },
    files: { 'cli.js': ordinary },
  }),
  clean('large-manifest: more fields than anyone needs', {
    manifest: {
      keywords: Array.from({ length: 500 }, (_, i) => `k${i}`),
      description: 'x'.repeat(50_000),
    },
  }),
  clean('empty-files: files without a byte', {
    files: { 'empty.js': '', '.npmignore': '', '.gitignore': '' },
  }),
  clean('dotfiles: dotfiles of tools', {
    files: {
      '.github/workflows/ci.yml': 'on: push\n',
      '.gitattributes': '* -text\n',
      '.editorconfig': '',
    },
  }),
  clean('names-near-reserved: names that only look odd', {
    files: {
      'console.js': '',
      'com10.js': '',
      'auxiliary/a.js': '',
      '...a.js': '',
      'a b.js': '',
      '@scope/a.js': '',
      '[id].js': '',
      '(group)/a.js': '',
      '$a.js': '',
      '~a': '',
      'a..b': '',
      '-a': '',
    },
  }),
  clean('unicode-names: names in other scripts', {
    files: { 'docs/\u65e5\u672c\u8a9e.md': '', 'docs/\u00fcber.md': '', 'docs/\u{1f4e6}.md': '' },
  }),
  clean('headers-only: a file that holds a tar header', {
    files: { 'fixture.tar': header({ name: 'package/inner' }) },
  }),
];
