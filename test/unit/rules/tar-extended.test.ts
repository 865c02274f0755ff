import { expect } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import {
  describeRule,
  error,
  npm,
  ofSdist,
  paxed,
  rows,
  symlink,
  under,
  X,
} from '../../support/rule-table.ts';
import {
  archive,
  BLOCK,
  end,
  entry,
  gnuLongLink,
  gnuLongName,
  header,
  pax,
  paxBody,
  type Part,
} from '../../support/tar.ts';

const AT_2048 = { level: 'error', offset: 2048 } as const;
const AT_3072 = { level: 'error', offset: 2048 + 1024 } as const;
const FILE = entry({ name: X });
const OTHER = entry({ name: 'package/y.js' });
const GLOBAL = pax({ comment: 'x' }, { global: true });
const DEEP = `package/${'d/'.repeat(50)}x.js`;

describeRule('gnu-long-name', AT_2048, {
  reports: {
    'a GNU long name': packageWith(gnuLongName(X), entry({ name: X, magic: 'gnu' })),
    'a GNU long link target': packageWith(
      gnuLongLink('index.js'),
      entry({ ...symlink('package/link', 'index.js'), magic: 'gnu' }),
    ),
  },
  silent: {
    'GNU magic without one': npm({ name: X, magic: 'gnu' }),
    'a long path in a PAX header': paxed({ path: DEEP }, { name: DEEP.slice(0, 100) }),
  },
});

describeRule('extended-header-repeated', AT_3072, {
  reports: {
    'two PAX headers before one entry': packageWith(
      pax({ path: 'package/one.js' }),
      pax({ path: X }),
      FILE,
    ),
    'two GNU long names before one entry': packageWith(
      gnuLongName('package/one.js'),
      gnuLongName(X),
      FILE,
    ),
    'two global headers before one entry, on which bun fails': packageWith(GLOBAL, GLOBAL, FILE),
  },
  silent: {
    'global headers before entries of their own': packageWith(
      GLOBAL,
      pax({ comment: 'y' }),
      FILE,
      GLOBAL,
      OTHER,
    ),
    'one each for two entries': packageWith(
      pax({ comment: 'x' }),
      FILE,
      pax({ comment: 'x' }),
      OTHER,
    ),
  },
});

describeRule('extended-header-orphan', error(), {
  reports: {
    'a PAX header before the end': [
      packageWith(pax({ path: X })),
      { offset: expect.any(Number) as number },
    ],
    'a global header between a PAX header and its entry': [
      packageWith(pax({ path: X }), GLOBAL, FILE),
      AT_3072,
    ],
    'a global header at the end, which Python refuses': packageWith(GLOBAL),
  },
  silent: {
    'a global header at the beginning': tgz({ before: [GLOBAL] }),
    'a global header before a PAX header': packageWith(GLOBAL, pax({ path: X }), FILE),
  },
});

describeRule('extended-header-oversized', AT_2048, {
  reports: {
    'a PAX header of megabytes': paxed({ comment: 'x'.repeat(2 << 20) }),
    'one that only claims to be large': tgz({
      tail: [
        header({ name: 'PaxHeader/x', typeflag: 'x', size: 8 * 1024 ** 3 - 1 }),
        Buffer.alloc(512, 'x'),
      ],
    }),
  },
  silent: { 'a PAX header of 60 kB': paxed({ comment: 'x'.repeat(60_000) }) },
});

const TOP = 'fixture-1.0.0';
const short = entry({ name: `${TOP}/short.py` });
const shortByPax = pax({ path: `${TOP}/short.py` });
const longByGnu = gnuLongName(`${TOP}/long.py`);
const link = entry(symlink(`${TOP}/link`, 'backend.py'));
const unpacked = (...entries: Part[]) => ofSdist({ entries });

describeRule('extended-headers-mixed', error({ layer: 'tar' }), {
  reports: {
    'a PAX header behind a GNU one': unpacked(longByGnu, shortByPax, short),
    'a PAX header before a GNU one': unpacked(shortByPax, longByGnu, short),
    'a link target by GNU with a path by PAX': unpacked(
      gnuLongLink('backend.py'),
      pax({ path: `${TOP}/link` }),
      link,
    ),
  },
  silent: {
    'GNU headers alone, which are a note of another rule': unpacked(
      longByGnu,
      short,
      gnuLongName(`${TOP}/link`),
      gnuLongLink('backend.py'),
      link,
    ),
    'each kind before an entry of its own': unpacked(
      longByGnu,
      short,
      pax({ path: `${TOP}/b.py` }),
      entry({ name: `${TOP}/b.py` }),
    ),
  },
});

/** A header of which the size leaves the end of its block out. */
const cut = (typeflag: string, shown: Uint8Array | string, hidden: Uint8Array | string): Buffer => {
  const head = Buffer.from(shown);
  const magic = typeflag === 'x' || typeflag === 'g' ? 'ustar' : 'gnu';
  const body = Buffer.concat([head, Buffer.from(hidden)]);
  const odd = entry({ name: 'header', typeflag, magic, body, declaredSize: head.length });
  return packageWith(odd, FILE);
};
const comment = paxBody({ comment: 'x' });
const hiddenAtEnd = cut('x', comment, `${'\0'.repeat(498)}y`);

describeRule('extended-header-padding', error({ offset: expect.any(Number) as number }), {
  reports: {
    'a PAX path in the padding': cut('x', comment, paxBody({ path: 'package/other.js' })),
    'a global record': cut('g', comment, paxBody({ path: 'package/y.js' })),
    'the end of a GNU name': cut('L', 'package/x.j', 's'),
    'the end of a GNU link target': cut('K', 'x', '/../../outside'),
    'one byte, the last of the block': cut('x', comment, ' '.repeat(499)),
    ...rows(
      [1, 7, 511, 512, 513],
      (pieceBytes) => () => inspected(hiddenAtEnd, { pieceBytes }),
      'it where the bytes arrive in pieces of %s',
    ),
  },
  clean: {
    'zeros, and anything behind the content of a file': packageWith(
      pax({ comment: 'x' }),
      entry({ name: X, body: `text${'y'.repeat(508)}`, declaredSize: 4 }),
    ),
  },
  elsewhere: {
    'the NULs at the end of GNU names': packageWith(gnuLongName(X), gnuLongLink('x'), FILE),
  },
});

describeRule('pax-malformed', AT_2048, {
  reports: {
    ...rows(
      {
        'a record that is longer than the header': [['path', X, 99]],
        'a record without =': Buffer.from('9 nokeys\n'),
        'a record without a line feed': Buffer.from('21 path=package/x.jsX'),
        'a record of length 0': [['path', X, 0]],
        'a length that starts with a zero': Buffer.from('013 comment=x\n'),
        'an empty key': Buffer.from('5 =x\n'),
        'an empty header, after which tar-stream is lost': Buffer.alloc(0),
        'a time that is not a number': { mtime: 'x' },
        'a record that is cut by a NUL': Buffer.from(
          '40 SCHILY.xattr.com.apple.provenance=\u0001\0',
        ),
        'more records than anyone needs': Array.from(
          { length: 1100 },
          (_, i) => [`k${i}`, 'x'] as const,
        ),
      },
      (records) => paxed(records),
    ),
    'a NUL in a value, and in a key': [paxed({ comment: 'a\0b', 'path\0': 'x' }), {}, {}],
    ...rows(
      [
        ' path',
        '\tpath',
        'path ',
        'a b',
        'pa\0th',
        '\ufeffpath',
        '\u00a0path',
        'p\u00e4th',
        'path\r',
        '\u001fpath',
      ],
      (key) => paxed({ [key]: '1' }),
      'the key %s',
    ),
    ...rows(
      [{ uid: '4294967296' }, { gid: '-1' }, { uid: '1.5' }, { mtime: '99999999999999999999' }],
      (records) => paxed(records),
      '%s, which GNU tar refuses',
    ),
    ...rows(
      [
        'comment',
        'uname',
        'gname',
        'path',
        'LIBARCHIVE.xattr.user.a',
        'SCHILY.xattr',
        'SCHILY.xattr.security.capability',
        'SCHILY.xattr.user.a',
        'SCHILY.xattr.com.applet',
        'SCHILY.acl.access',
      ],
      (key) => paxed({ [key]: 'package/x.js\0' }),
      'a NUL in the value of %s',
    ),
    'it whatever the policy says, since npm reads on behind the record and we do not': under(
      { levels: { 'pax-ambiguous': 'warning' } },
      paxed(Buffer.concat([Buffer.from('xx\n'), paxBody({ path: 'package/.git/config' })])),
    ),
  },
  silent: {
    ...rows(
      [
        { 'LIBARCHIVE.xattr.com.apple.provenance': 'AQAA' },
        { 'SCHILY.xattr.user.a:b/c-d_e': 'x' },
        { uid: '4294967295' },
        { gid: '0' },
        { mtime: '-5.5' },
        { mtime: '1700000000.123' },
      ],
      (records) => paxed(records),
    ),
    'the records of node-tar, star and libarchive': paxed({
      'NODETAR.package.name': 'x',
      'SCHILY.dev': '1',
      'LIBARCHIVE.creationtime': '1500000000',
      mtime: '1500000000.25',
      uid: '501',
      gname: 'staff',
    }),
    'an = in a value': paxed({ comment: 'a=b' }),
  },
  clean: rows(
    ['010000', '00', '0100005a3f9912ff80c3', '00706174683d7061636b6167652f6576696c'],
    (hex) => paxed({ 'SCHILY.xattr.com.apple.provenance': Buffer.from(hex, 'hex'), path: X }),
    'the bytes %s of an extended attribute, into which no reader looks',
  ),
});

describeRule('pax-value-newline', AT_2048, {
  reports: {
    'a record inside the value of another': paxed({ comment: 'x\n28 path=package/smuggled.js' }),
    'a record that begins inside the key of another': paxed({
      'x\n28 path': 'package/smuggled.js',
    }),
  },
  silent: { 'several records': paxed({ comment: 'x', path: X }) },
});

describeRule('pax-repeated-key', AT_2048, {
  reports: {
    'a path twice': paxed([
      ['path', 'package/a.js'],
      ['path', X],
    ]),
    'a comment twice': paxed([
      ['comment', 'a'],
      ['comment', 'a'],
    ]),
    'the size of a file in an sdist twice': [
      unpacked(
        pax([
          ['size', '6'],
          ['size', '6'],
        ]),
        entry({ name: `${TOP}/a.py`, body: 'x = 1\n' }),
      ),
      { offset: undefined },
    ],
  },
  silent: {
    'the same key for two entries': packageWith(
      pax({ path: X }),
      FILE,
      pax({ path: 'package/y.js' }),
      OTHER,
    ),
    'keys that differ in case': paxed({ comment: 'a', Comment: 'b' }),
  },
});

const globally = (records: Readonly<Record<string, string>>): Buffer =>
  packageWith(pax(records, { global: true }), FILE);

describeRule('pax-global-override', AT_2048, {
  reports: {
    'a global path': globally({ path: 'package/evil.js' }),
    'a global size': globally({ size: '0' }),
    ...rows(
      [
        'linkpath',
        'SCHILY.xattr.a',
        'LIBARCHIVE.x',
        'GNU.sparse.size',
        'hdrcharset',
        'mtime2',
        'Uname',
      ],
      (key) => [globally({ mtime: '1', [key]: '0' }), { lacks: '"mtime"' }],
      'a global %s beside a time',
    ),
  },
  clean: rows(
    [
      { mtime: '1500000000.25' },
      { atime: '0', ctime: '-1' },
      { uid: '0', gid: '4294967295' },
      { uname: 'root', gname: '' },
      { comment: 'x', mtime: '1', uname: 'x' },
    ],
    globally,
    '%s, which names no file and no bytes',
  ),
  silent: {
    'a global comment, as git writes it': tgz({
      before: [pax({ comment: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567' }, { global: true })],
    }),
  },
  elsewhere: { 'a global time that is not a number': [globally({ mtime: 'x' }), 'pax-malformed'] },
});

describeRule('pax-charset', AT_2048, {
  reports: {
    'another character set for paths': paxed({ hdrcharset: 'BINARY', path: X }),
    'a character set of the content': paxed({ charset: 'ISO-IR 8859 1 1998' }),
  },
  silent: {
    'a path in UTF-8': paxed({ path: 'package/\u00e9.js' }, { name: 'package/\u00e9.js' }),
  },
});

describeRule('pax-sparse', AT_2048, {
  reports: {
    'a sparse file in PAX clothes': [
      paxed({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0' }, { name: X, body: 'x' }),
      {},
      {},
    ],
    'the size that star gives': paxed({ 'SCHILY.realsize': '4' }, { name: X, body: 'x' }),
    'the holes that Solaris gives': paxed({ 'SUN.holesdata': ' 0 4' }, { name: X, body: 'x' }),
    'a part of a volume': paxed({ 'GNU.volume.filename': 'x' }, { name: X, body: 'x' }),
  },
  silent: {
    'other keys of star': paxed({ 'SCHILY.dev': '1', 'SCHILY.ino': '2', 'SCHILY.nlink': '1' }),
  },
});

describeRule('pax-linkpath-mismatch', error(), {
  reports: {
    'a PAX link target for a file': [paxed({ linkpath: 'index.js' }), { entry: X }],
    "a PAX link target that is not the header's": [
      paxed({ linkpath: '../secret' }, symlink('package/link', 'index.js')),
      { entry: 'package/link' },
    ],
  },
  silent: { 'a PAX header without a target': paxed({ path: X }) },
  elsewhere: {
    'the same target in both, which is a link and told as such': paxed(
      { linkpath: 'index.js' },
      symlink('package/link', 'index.js'),
    ),
  },
});

const PIECE = 16 * 1024;
/** A PAX path whose last letter but one byte of it is before the end of node-tar's piece, or `later` bytes behind that. */
function across(path: string, name: string, later = 0): Buffer {
  const records = (length: number): Buffer => paxBody({ comment: 'c'.repeat(length), path });
  const at = records(300).indexOf(Buffer.from('\u00e9'));
  const body = records(300 + BLOCK - 1 - at + later);
  const [manifest, index] = [entry({ name: 'package/package.json', body: '{}' }), entry()];
  const pad = Buffer.alloc(PIECE - 2 * BLOCK - manifest.length - index.length - BLOCK);
  const padding = entry({ name: 'package/pad', body: pad });
  return gzip(archive(manifest, index, padding, pax(body), entry({ name }), end()));
}
const NINETY = `package/${'d'.repeat(90)}/`;
const beyondAscii = (name: string): Buffer => paxed({ path: 'package/\u00fcber.js' }, { name });

describeRule('pax-path-mismatch', error(), {
  reports: {
    'a PAX path that is another file': [
      paxed({ path: 'package/evil.js' }),
      { ...AT_3072, entry: 'package/evil.js', entryIndex: 2 },
    ],
    'an empty PAX path': paxed({ path: '' }),
    'a name that ends in a slash with type NUL, a folder for Python': paxed(
      { path: `${NINETY}x.js` },
      { name: NINETY, typeflag: 0 },
    ),
    'a long path that the header does not begin': paxed(
      { path: `package/${'d'.repeat(120)}` },
      { name: 'package/other' },
    ),
    'another name in the header where node-tar reads a character of the path in two pieces': [
      across('package/x.js\u00e9', X),
      { entry: 'package/x.js\u00e9' },
    ],
    'a path beyond ASCII with another letter in the header': beyondAscii('package/_bar.js'),
    'a path beyond ASCII with one letter more in the header': beyondAscii('package/_ber.jsx'),
    'a path beyond ASCII with another folder in the header': beyondAscii('pockage/_ber.js'),
    'a stand-in where the path is ASCII': paxed(
      { path: 'package/uber.js' },
      { name: 'package/_ber.js' },
    ),
  },
  silent: {
    'the same path in both': paxed({ path: X }),
    'a long path cut at the end of the field': paxed({ path: DEEP }, { name: DEEP.slice(0, 100) }),
    'the same path in name and prefix': paxed(
      { path: 'package/lib/x.js' },
      { name: 'x.js', prefix: 'package/lib' },
    ),
    'times behind an empty prefix, as old node-tar wrote them': paxed(
      { path: X },
      {
        name: X,
        raw: { prefix: Buffer.from('12345670123 12345670123 '.padStart(155, '\0')) },
      },
    ),
    ...rows(
      {
        'stand-ins': 'package/_ber.js',
        'question marks': 'package/??ber.js',
        'what is left of it without them': 'package/ber.js',
        'the start of that': 'package/b',
        'other letters instead of its own': 'package/\u00f6ber.js',
      },
      beyondAscii,
    ),
  },
  elsewhere: {
    'one byte behind the end of a piece': across('package/x.js\u00e9', X, 1),
    'one byte before the end of a piece': across('package/x.js\u00e9', X, -1),
    'the same name in the header at the end of a piece': across(
      'package/x.js\u00e9',
      'package/x.js\u00e9',
    ),
  },
});
