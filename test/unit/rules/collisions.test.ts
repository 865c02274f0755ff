import { tgz } from '../../support/pkg.ts';
import {
  describeRule,
  error,
  note,
  warning,
  filled,
  folder,
  named,
  npm,
  rows,
} from '../../support/rule-table.ts';
import { entry } from '../../support/tar.ts';

const ENTRY_2 = { level: 'error', entryIndex: 2, offset: 2048 } as const;
const INDEX = 'module.exports = 1\n';

/** Both orders of two paths in a package. */
const pairs = <T>(
  names: readonly (readonly [string, string])[],
  build: (...paths: string[]) => T,
): Record<string, T> => ({
  ...rows(names, ([a, b]) => build(a, b)),
  ...rows(names, ([a, b]) => build(b, a), '%s, the other way round'),
});
const both = (...names: string[]): Buffer =>
  npm(...names.map((name) => ({ name: `package/${name}` })));

describeRule('case-collision', error(), {
  reports: {
    'files that differ in case': [
      named('package/INDEX.js'),
      { ...ENTRY_2, entry: 'package/INDEX.js' },
    ],
    'folders that differ in case': [both('lib/a.js', 'LIB/b.js'), { entry: 'package/LIB/b.js' }],
    'K and the Kelvin sign': [both('k.js', '\u212a.js'), { entryIndex: 3 }],
    ...pairs(
      [
        ['\u10d0.js', '\u10a0.js'],
        ['\u3164', '\uffa0'],
      ],
      (...names) => [both(...names), { entryIndex: 3 }],
    ),
  },
  silent: {
    'the same name in two folders': filled({ 'a/README': '', 'b/readme': '' }),
    'dotless i, which no file system folds to i with a dot': filled({
      '\u0130.js': '',
      'i.js': '',
    }),
  },
});

describeRule('unicode-collision', error({ entryIndex: 3 }), {
  reports: {
    'composed and decomposed letters': both('\u00e9.js', 'e\u0301.js'),
    'sharp s and its capital spelling': both('stra\u00dfe.js', 'strasse.js'),
    'a zero-width joiner, which HFS+ ignores': [named('package/ind\u200dex.js'), { entryIndex: 2 }],
    'a ligature': both('\ufb01le.js', 'file.js'),
    ...pairs(
      [
        ['straße.js', 'STRASSE.JS'],
        ['stra\u1e9ee.js', 'strasse.js'],
        ['in\u3164dex.mjs', 'index.mjs'],
        ['index.mjs\u{e0061}', 'index.mjs'],
        ['index\ufe0f.mjs', 'index.mjs'],
        ['\uac01', '\u1100\u1161\u11a8'],
        ['\u03b1\u0345\u0301', '\u03b1\u0301\u03b9'],
      ],
      both,
    ),
  },
  silent: {
    'letters that only look alike': filled({ 'a.js': '', '\u0430.js': '' }),
    'a character that decomposes into a slash': both('a', 'a\uff0fb'),
  },
});

describeRule('short-name-collision', error(), {
  reports: {
    'the short name of package.json': [
      npm({ name: 'package/PACKAG~1.JSO', body: '{}' }),
      { entry: 'package/PACKAG~1.JSO', entryIndex: 2 },
    ],
    ...pairs(
      [
        ['lib/second~1.js', 'lib/second file.js'],
        ['lib/second~3.js', 'lib/.second-file.js'],
        ['lib/secon~12.js', 'lib/secondary.js'],
        ['lib/se1a2f~1.js', 'lib/secondary.js'],
        ['lib/decade~1.js', 'lib/decades-ago.js'],
        ['lib/ab~1.tar', 'lib/a.b.target'],
        ['lib/ab_c~1', 'lib/ab+c'],
        ['NODE_M~1/x.js', 'node_modules/y/index.js'],
      ],
      (...names) => npm(...names.map((name) => ({ name: `package/${name}`, body: 'x' }))),
    ),
  },
  silent: {
    'a name that only looks short': filled({ 'package~1.json': '', 'PACKAG~1.JS': '' }),
    ...rows(
      [
        ['a~1.js', 'a.js'],
        ['readme~1.md', 'readme.md'],
        ['notes~1.txt', 'other-notes.txt'],
        ['lib/second~1.js', 'second file.js'],
        ['second~1.ts', 'second file.js'],
        ['secondary~1.js', 'secondary.js'],
        ['index.js~', 'index.js'],
        ['se1a2g~1.js', 'secondary.js'],
      ],
      ([name, other]) => filled({ [name]: '', [other]: '' }),
    ),
  },
});

describeRule('duplicate-path', error(), {
  reports: {
    'a path twice with other bytes': [
      npm({ name: 'package/index.js', body: 'evil' }),
      { ...ENTRY_2, entry: 'package/index.js' },
    ],
    'it by way of `.`': [
      npm({ name: 'package/./index.js', body: 'evil' }),
      { entry: 'package/./index.js' },
    ],
    'it from another first folder': [
      npm({ name: 'other/index.js', body: 'evil' }),
      { entry: 'other/index.js' },
    ],
    'equal bytes where one is executable': [
      npm({ name: 'package/index.js', body: INDEX, mode: 0o755 }),
      { entry: 'package/index.js' },
    ],
    'the third of three': [
      npm({ name: 'package/index.js', body: INDEX }, { name: 'package/index.js', body: 'evil' }),
      { entryIndex: 3 },
    ],
  },
  silent: {
    'the same name in two folders': filled({ 'lib/index.js': 'x' }),
    'equal bytes, which are only a note': npm({ name: 'package/./index.js', body: INDEX }),
  },
});

describeRule('duplicate-path-identical', note({ entryIndex: 2 }), {
  reports: {
    'a path twice with equal bytes': [
      npm({ name: 'package/./index.js', body: INDEX }),
      { entry: 'package/./index.js' },
    ],
  },
  silent: { 'a folder entry twice': npm(folder('package/lib/'), folder('package/lib/')) },
  elsewhere: {
    'other bytes, which are an error of another name': npm({
      name: 'package/index.js',
      body: 'evil',
    }),
  },
});

describeRule('repeated-directory', warning({ entry: 'package/lib' }), {
  reports: {
    'a folder with two entries': [
      npm(folder('package/lib/', 0o755), folder('package/lib', 0o755)),
      { entryIndex: 3 },
    ],
    'a folder after what lies in it': [
      npm({ name: 'package/lib/deep/a.js' }, folder('package/lib/', 0o755)),
      { says: '"package/lib/deep/a.js"' },
    ],
  },
  silent: {
    'folders before what lies in them': npm(
      folder('package/lib/', 0o755),
      folder('package/lib/deep/', 0o755),
      { name: 'package/lib/deep/a.js' },
      { name: 'package/lib/b.js' },
    ),
    'the first folder, wherever it comes': tgz({
      before: [entry(folder('package/', 0o755))],
      entries: ['package/', 'package'].map((name) => entry(folder(name, 0o755))),
    }),
  },
});

describeRule('file-directory-conflict', error(), {
  reports: {
    'a file where a folder is needed': [
      both('lib', 'lib/x.js'),
      { entry: 'package/lib/x.js', entryIndex: 3 },
    ],
    'a folder entry, then a file': [
      npm(folder('package/lib/'), { name: 'package/lib' }),
      { entry: 'package/lib' },
    ],
    'a file where a folder was made for another': [
      both('lib/x.js', 'lib'),
      { entry: 'package/lib' },
    ],
  },
  silent: {
    'folder entries before and after their files': npm(
      { name: 'package/lib/x.js' },
      folder('package/lib/'),
    ),
    'a file and a folder with like names': both('lib.js', 'lib/x.js'),
  },
});
