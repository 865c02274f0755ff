/** Paths that leave the package, and paths that land on each other. */
import { entry, gnuLongName, pax, type EntryOptions } from '../tar.ts';
import { inTar, type Attack, added, addedFor } from './attack.ts';

// package/TARGET/planted, with its `..` components
export const traversal: Attack = addedFor(
  'path-traversal: a path that climbs out',
  'path-traversal',
  (target) => [entry({ name: `package/${target}/planted`, body: 'planted\n' })],
);

/** One more file of the given name. */
function named(words: string, rule: string | string[], options: EntryOptions): Attack {
  return added(words, rule, entry({ body: 'planted\n', ...options }));
}

/** The same name twice, in two spellings. */
function twice(
  words: string,
  rule: string | string[],
  first: EntryOptions,
  second: EntryOptions,
): Attack {
  return added(
    words,
    rule,
    entry({ body: 'one\n', ...first }),
    entry({ body: 'two\n', ...second }),
  );
}

const long = 'd/'.repeat(40);

export const paths: readonly Attack[] = [
  traversal,

  // ../planted: the first component itself climbs
  named('path-traversal-first: a path that begins by climbing', 'path-traversal', {
    name: '../planted',
  }),

  // package/a/../../../planted
  named('path-traversal-middle: a path that climbs in the middle', 'path-traversal', {
    name: 'package/a/../../../planted',
  }),

  // package/a/../index2.js: stays inside, and is still read differently
  named('path-traversal-inside: a path with .. that stays inside', 'path-traversal', {
    name: 'package/a/../index2.js',
  }),

  // package/dir/.. (directory)
  named('path-traversal-directory: a directory entry that ends in ..', 'path-traversal', {
    name: 'package/dir/..',
    typeflag: '5',
    body: '',
  }),

  // x path=package/TARGET/planted
  // package/planted
  addedFor(
    'path-traversal-pax: a PAX path that climbs out',
    ['path-traversal', 'pax-path-mismatch'],
    (target) => [
      pax({ path: `package/${target}/planted` }),
      entry({ name: 'package/planted', body: 'planted\n' }),
    ],
  ),

  // L package/d/d/…/../planted
  addedFor(
    'path-traversal-gnu: a GNU long name that climbs out',
    ['path-traversal', 'gnu-long-name'],
    (target) => [
      gnuLongName(`package/${long}${target}/planted`),
      entry({ name: 'package/planted', magic: 'gnu', body: 'planted\n' }),
    ],
  ),

  // prefix=package/.. name=planted
  named('path-traversal-prefix: a ustar prefix that climbs out', 'path-traversal', {
    prefix: 'package/..',
    name: 'planted',
  }),

  // /nonexistent/tarwarden-planted
  named('absolute-path: an absolute path', 'absolute-path', {
    name: '/nonexistent/tarwarden-planted',
  }),

  // //nonexistent/tarwarden-planted
  named('absolute-path-double: an absolute path with two slashes', 'unc-path', {
    name: '//nonexistent/tarwarden-planted',
  }),

  // package//nonexistent/planted: absolute once the first folder is gone
  named('absolute-path-after-strip: absolute once the first folder is gone', 'empty-component', {
    name: 'package//nonexistent/tarwarden-planted',
  }),

  // C:/planted
  named('drive-path: a path on a drive', 'drive-path', { name: 'C:/tarwarden-planted' }),

  // package/C:/planted
  named('drive-path-after-strip: a drive once the first folder is gone', 'drive-path', {
    name: 'package/C:/tarwarden-planted',
  }),

  // C:planted (relative to the folder that drive is in)
  named('drive-relative-path: a drive-relative path', 'drive-path', {
    name: 'c:tarwarden-planted',
  }),

  // \\host\share\planted
  named('unc-path: a network path', 'unc-path', {
    name: '\\\\tarwarden.invalid\\share\\planted',
  }),

  // \\?\C:\planted
  named('unc-path-device: a device path', 'unc-path', { name: '\\\\?\\C:\\tarwarden-planted' }),

  // package\..\..\planted
  named('backslash-path: a path that climbs with backslashes', 'backslash-path', {
    name: 'package\\..\\..\\tarwarden-planted',
  }),

  // package/a\b.js
  named('backslash-in-name: a backslash in a name', 'backslash-path', {
    name: 'package/a\\b.js',
  }),

  // package/Index.JS beside package/index.js
  twice(
    'case-collision: two files that differ in case',
    'case-collision',
    { name: 'package/lib/a.js' },
    { name: 'package/lib/A.js' },
  ),
  twice(
    'case-collision-folder: two folders that differ in case',
    'case-collision',
    { name: 'package/lib/a.js' },
    { name: 'package/LIB/a.js' },
  ),
  twice(
    'case-collision-kelvin: K and the Kelvin sign',
    'case-collision',
    { name: 'package/k.js' },
    { name: 'package/\u212a.js' },
  ),

  // package/é.js composed, package/é.js decomposed
  twice(
    'unicode-collision: two files that differ in Unicode form',
    'unicode-collision',
    { name: 'package/\u00e9.js' },
    { name: 'package/e\u0301.js' },
  ),

  // package/a.js, package/a<HANGUL FILLER>.js, which file systems leave out
  twice(
    'unicode-collision-ignorable: a name with a character that file systems ignore',
    'unicode-collision',
    { name: 'package/a.js' },
    { name: 'package/a\u3164.js' },
  ),
  // package/strasse.js, package/straße.js: one name under full case folding
  twice(
    'unicode-collision-sharp-s: ss and the sharp s',
    'unicode-collision',
    { name: 'package/strasse.js' },
    { name: 'package/stra\u00dfe.js' },
  ),
  // package/long-file-name.js, package/LONG-F~1.JS: what NTFS may call the first
  twice(
    "short-name-collision: another file's short name",
    'short-name-collision',
    { name: 'package/long-file-name.js' },
    { name: 'package/LONG-F~1.JS' },
  ),

  // package/lib (file), package/lib/a.js
  twice(
    'file-directory-conflict: a file where a folder is needed',
    'file-directory-conflict',
    { name: 'package/lib' },
    { name: 'package/lib/a.js' },
  ),
  twice(
    'directory-file-conflict: a directory entry, then a file',
    'file-directory-conflict',
    { name: 'package/lib/', typeflag: '5', body: '' },
    { name: 'package/lib' },
  ),

  // other/package.json beside package/package.json
  inTar(
    'multiple-top-folders: a second top folder with its own package.json',
    'multiple-top-folders',
    ({ name }) => ({
      entries: [
        entry({
          name: 'other/package.json',
          body: `{"name":"${name}","version":"1.0.0","scripts":{"install":"exit 7"}}\n`,
        }),
      ],
    }),
  ),

  // ./package/package.json: the folder that is stripped is `.`
  inTar('leading-dot-folder: every path begins with `./`', 'leading-dot-folder', () => ({
    top: './package',
  })),

  // planted.js at the top, which loses its name when the first folder is stripped
  named('no-top-folder: a file in no folder', 'no-top-folder', { name: 'planted.js' }),

  // '' with a body
  named('empty-path: an entry without a name', 'empty-path', { name: '' }),

  // x path= (empty)
  added(
    'empty-pax-path: a PAX path that is empty',
    'pax-path-mismatch',
    pax({ path: '' }),
    entry({ name: 'package/safe.js', body: 'planted\n' }),
  ),
];
