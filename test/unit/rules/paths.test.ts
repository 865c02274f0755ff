import { packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import {
  describeRule,
  error,
  warning,
  filled,
  folder,
  named,
  npm,
  paxed,
  rows,
  symlink,
  X,
} from '../../support/rule-table.ts';
import { entry, gnuLongName, pax } from '../../support/tar.ts';

const ENTRY_2 = { level: 'error', entryIndex: 2, offset: 2048 } as const;

describeRule('empty-path', error(), {
  reports: {
    'an entry without a name': [npm({ name: '', body: 'x' }), { ...ENTRY_2, entry: '' }],
    'a name that begins with NUL': [named('\0ackage/x.js'), { entryIndex: 2 }],
    'an empty name although a PAX path follows it, where pnpm stops': [
      paxed({ path: `package/${'d/'.repeat(50)}x.js` }, { name: '' }),
      { entryIndex: 2 },
    ],
    'an empty name behind a prefix': [
      npm({ name: '', prefix: 'package/lib', typeflag: '5' }),
      { entry: 'package/lib' },
    ],
    'an extended header without a name': [
      packageWith(pax({ path: X }, { name: '' }), entry({ name: X })),
      { offset: 2048 },
    ],
  },
  silent: { 'an empty file': named('package/empty') },
});

describeRule('empty-component', error(), {
  reports: {
    'two slashes, absolute once the first folder is gone': [
      named('package//nonexistent/x'),
      { ...ENTRY_2, entry: 'package//nonexistent/x' },
    ],
    'a file whose name ends in a slash': [
      npm({ name: 'package/lib/', body: 'x' }),
      { entry: 'package/lib/' },
    ],
    'a file whose name ends in `/.`': [
      npm({ name: 'package/lib/.', body: 'x' }),
      { entry: 'package/lib/.' },
    ],
    'a prefix that ends in a slash': [
      npm({ name: 'x.js', prefix: 'package/' }),
      { entry: 'package//x.js' },
    ],
  },
  silent: {
    'a folder whose name ends in a slash': npm(folder('package/lib/')),
    'a `.` component': named('package/./x.js'),
  },
});

describeRule('path-traversal', error(), {
  reports: {
    'a path that climbs out': [
      named('package/../../planted'),
      { ...ENTRY_2, entry: 'package/../../planted' },
    ],
    'one that begins so': [named('../planted'), { entry: '../planted' }],
    'one that stays inside, since readers differ on it': [
      named('package/a/../x.js'),
      { entry: 'package/a/../x.js' },
    ],
  },
  silent: {
    'dots in names': named('package/a..b'),
    'a name that starts with three dots': named('package/...a.js'),
  },
});

describeRule('absolute-path', error({ ...ENTRY_2, entry: '/nonexistent/planted' }), {
  reports: { 'an absolute path': named('/nonexistent/planted') },
  silent: { 'a path like one further in': named('package/etc/passwd') },
});

describeRule('unc-path', error(), {
  reports: {
    'a network path': [named('\\\\host\\share\\x'), { entryIndex: 2 }],
    'a device path': named('\\\\?\\C:\\x'),
    'two slashes': [named('//host/share/x'), { entry: '//host/share/x' }],
  },
  silent: { 'two letters': named('package/host/share/x') },
});

describeRule('drive-path', error(), {
  reports: {
    'a path on a drive': [named('C:/planted'), { entry: 'C:/planted' }],
    'a path relative to a drive': [named('c:planted'), { entry: 'c:planted' }],
    'a drive behind the first folder': [
      named('package/C:/planted'),
      { entry: 'package/C:/planted' },
    ],
  },
  silent: { 'a letter as folder': named('package/c/x.js') },
});

describeRule('backslash-path', ENTRY_2, {
  reports: {
    'a path that climbs with backslashes': named('package\\..\\..\\planted'),
    'a backslash in a name': named('package/a\\b.js'),
  },
  silent: { slashes: named('package/a/b.js') },
});

describeRule('alternate-data-stream', ENTRY_2, {
  reports: {
    'a stream of a file': [named('package/index.js:evil'), { entry: 'package/index.js:evil' }],
    'a folder by its index stream': named('package/dir::$INDEX_ALLOCATION/x'),
  },
  silent: { 'names with other marks': named('package/a;b=c.js') },
});

describeRule('windows-character', warning({ ...ENTRY_2 }), {
  reports: {
    'a question mark': named('package/a?.js'),
    'angle brackets and a star': named('package/<a>*.js'),
  },
  silent: { 'brackets that Windows allows': named('package/[id]/(group).js') },
});

describeRule('windows-reserved-name', ENTRY_2, {
  reports: {
    'a device name': named('package/CON'),
    'one with an extension': named('package/lib/aux.js'),
    'one as folder': named('package/com1/x.js'),
    'a superscript digit': named('package/COM\u00b9'),
    'one with spaces before the extension': named('package/nul .txt'),
  },
  silent: {
    'a longer name': named('package/console.js'),
    'two digits': named('package/com10.js'),
    'an extension': named('package/x.con'),
  },
});

describeRule('trailing-dot-or-space', ENTRY_2, {
  reports: {
    'a name that ends in a dot': named('package/index.js.'),
    'a folder that ends in a space': named('package/lib /x.js'),
    'a folder of three dots': named('package/.../x.js'),
  },
  silent: {
    'a space inside': named('package/a b.js'),
    'a dot in front': named('package/.config/x'),
    'a `.` component': named('package/./x.js'),
  },
});

describeRule('nul-in-path', error(), {
  reports: {
    'a PAX path with a NUL': [
      paxed({ path: 'package/safe.js\0.txt' }, { name: 'package/safe.js' }),
      { entryIndex: 2, offset: 2048 + 1024 },
    ],
    'a GNU long name with a NUL inside': packageWith(
      gnuLongName(Buffer.from('package/safe.js\0.txt\0')),
      entry({ name: 'package/safe.js', magic: 'gnu' }),
    ),
  },
  silent: { 'a name that ends with the NULs of its field': named('package/safe.js') },
});

describeRule('control-character', ENTRY_2, {
  reports: {
    'a terminal escape': named('package/\u001b[2Kx.js'),
    'a line feed': named('package/a\nb.js'),
    DEL: named('package/a\u007f.js'),
    'a C1 control': named('package/a\u009b31m.js'),
  },
  silent: {
    'letters of other scripts': named('package/\u65e5\u672c.js'),
    'a space': named('package/a b.js'),
  },
});

describeRule('invisible-character', ENTRY_2, {
  reports: {
    'a direction override': named('package/\u202esj.nigol'),
    'a zero-width space': named('package/index\u200b.js'),
    'a byte order mark': named('package/\ufeffindex.js'),
    ...rows(
      ['\u3164', '\u1160', '\uffa0', '\u2065', '\u{e0061}', '\u{e007f}', '\ufff8'],
      (character) => [
        named(`package/a${character}.mjs`),
        { says: character.codePointAt(0)!.toString(16), lacks: character },
      ],
      'a filler or a tag, and shows it: %s',
    ),
  },
  silent: {
    ...rows(
      [
        '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}.svg',
        '\u2764\ufe0f.svg',
        '\u8fbb\u{e0100}.md',
        '\u1820\u180b.md',
        '\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645.md',
      ],
      (name) => filled({ [name]: '' }),
      'what emoji and scripts need: %s',
    ),
    'a joiner inside an emoji': named('package/\u{1f469}\u200d\u{1f4bb}.md'),
    accents: named('package/\u00fcber.md'),
  },
});

describeRule('invalid-utf8', ENTRY_2, {
  reports: rows(
    {
      'bytes that are no UTF-8': 'package/\xff.js',
      'an overlong dot': 'package/\xc0\xae',
      'a lone surrogate': 'package/\xed\xa0\x80.js',
      'Latin-1': 'package/\xfcber.js',
    },
    (name) => named(Buffer.from(name, 'latin1')),
  ),
  silent: { 'UTF-8 of four bytes': named('package/\u{1f4e6}.md') },
});

describeRule('multiple-top-folders', error(), {
  reports: {
    'a second first folder': [named('other/x.js'), { ...ENTRY_2, entry: 'other/x.js' }],
    'one that differs in case': [named('Package/x.js'), { entry: 'Package/x.js' }],
  },
  silent: {
    'another first folder for all': tgz({ top: 'types for fixture' }),
    'the folder entry of the first folder': tgz({ before: [entry(folder('package/'))] }),
  },
});

describeRule('no-top-folder', error(), {
  reports: {
    'a file in no folder': [named('planted.js'), { ...ENTRY_2, entry: 'planted.js' }],
    'a link instead of the first folder': [
      tgz({ before: [entry(symlink('package', 'x'))] }),
      { entry: 'package' },
    ],
  },
  silent: { 'the folder entry of the first folder': tgz({ before: [entry(folder('package'))] }) },
});

describeRule('leading-dot-folder', error(), {
  reports: {
    '`./` before the first folder': [
      tgz({ top: './package' }),
      { entry: './package/package.json', entryIndex: 0 },
      { entry: './package/index.js', entryIndex: 1 },
    ],
    'a folder entry of `.`': npm(folder('./')),
  },
  silent: {
    '`./` further in, which real packages have': named('package/./lib/x.js'),
    'a first folder that starts with a dot': tgz({ top: '.package' }),
  },
});

const LONG = `package/${'d'.repeat(99)}/`.padEnd(1100, `${'d'.repeat(99)}/`);
const long = (path: string): Buffer => paxed({ path }, { name: path.slice(0, 99) });

describeRule('path-length-limit', error({ entryIndex: 2 }), {
  reports: { 'a path above the limit': long(LONG) },
  silent: { 'a path of 255 bytes': long(LONG.slice(0, 255)) },
});

describeRule('component-length-limit', error({ entryIndex: 2 }), {
  reports: {
    'a name of 256 bytes': long(`package/${'x'.repeat(256)}`),
    'bytes, not characters': paxed(
      { path: `package/${'\u00e9'.repeat(128)}` },
      { name: Buffer.from(`package/${'\u00e9'.repeat(128)}`).subarray(0, 98) },
    ),
  },
  silent: { 'a name of 255 bytes': long(`package/${'x'.repeat(255)}`) },
});

describeRule('path-depth-limit', error({ entryIndex: 2 }), {
  reports: { 'a path of 101 folders': long(`package/${'d/'.repeat(100)}x`) },
  silent: { 'a path of 20 folders': named(`package/${'d/'.repeat(19)}x`) },
});
