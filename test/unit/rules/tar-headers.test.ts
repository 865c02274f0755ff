import {
  describeRule,
  error,
  warning,
  filled,
  folder,
  gem,
  npm,
  ofSdist,
  paxed,
  rows,
  symlink,
  X,
} from '../../support/rule-table.ts';
import { packageWith } from '../../support/inspected.ts';
import { gnuSparse, tgz } from '../../support/pkg.ts';
import {
  end,
  entry,
  header,
  pax,
  zeroBlock,
  type NumberField,
  type PaxRecords,
  type Part,
} from '../../support/tar.ts';

const ENTRY_2 = { level: 'error', entryIndex: 2, offset: 2048 } as const;
const OF_X = { ...ENTRY_2, entry: X } as const;
const AT_2048 = { level: 'error', offset: 2048 } as const;
const PLAIN = '{"name":"fixture","version":"1.0.0"}';

const sized = (declaredSize: NumberField): Buffer => npm({ name: X, body: 'x', declaredSize });
const smuggled = entry({ name: 'package/smuggled.js' });

describeRule('invalid-size', AT_2048, {
  reports: {
    'a negative binary size': packageWith(header({ name: X, size: { base256: -512n } })),
    'a size beyond 2^53': packageWith(header({ name: X, size: { base256: 1n << 63n } })),
    'an empty size': packageWith(header({ name: X, size: null })),
    'digits after the end of the size': sized({ text: '0000001 1000' }),
    'a digit that is not octal': sized({ text: '00000000019\0' }),
    'a negative PAX size': paxed({ size: '-1' }, { name: X, body: 'x' }),
    'a PAX size with a sign or a fraction': paxed({ size: '+1' }, { name: X, body: 'x' }),
  },
  silent: {
    'twelve digits without an end': sized({ text: '000000000001' }),
    'a size that ends in a space': sized({ text: '00000000001 ' }),
  },
});

describeRule('size-on-non-file', error(), {
  reports: {
    'a folder with content': [
      npm({ name: 'package/lib/', typeflag: '5', body: smuggled }),
      { ...ENTRY_2, entry: 'package/lib' },
    ],
    'a symbolic link with content': [
      npm({ ...symlink('package/link', 'index.js'), body: 'x' }),
      { entry: 'package/link' },
    ],
  },
  silent: { 'a folder without': npm(folder('package/lib/', 0o755)) },
});

describeRule('pax-size-mismatch', error({ entry: X }), {
  reports: {
    'a PAX size of 0 over content that is an entry': [
      paxed({ size: '0' }, { name: X, body: smuggled }),
      { entryIndex: 2, offset: 2048 + 1024 },
    ],
    'a PAX size over an empty header size': packageWith(
      pax({ size: '512' }),
      header({ name: X }),
      Buffer.alloc(512, 'x'),
    ),
  },
  silent: {
    'the same size in both': paxed({ size: '1' }, { name: X, body: 'x' }),
    'no PAX size': paxed({ comment: 'x' }, { name: X, body: 'x' }),
  },
});

const PY = entry({ name: 'fixture-1.0.0/a.py', body: 'x = 1\n' });
const before = (records: PaxRecords, ...entries: Part[]) =>
  ofSdist({ entries: [pax(records), ...entries, PY] });

describeRule('pax-size-repeated', error(), {
  reports: {
    'a PAX size that is right': [
      before({ size: '6' }),
      { entry: 'fixture-1.0.0/a.py', field: 'size' },
    ],
    'one of 0 before a folder, after which uv would read a file as empty': [
      before({ size: '0' }, entry({ name: 'fixture-1.0.0/d/', typeflag: '5' })),
      { entry: 'fixture-1.0.0/d' },
    ],
    'one beside other records': before({ mtime: '1.5', size: '6', path: 'fixture-1.0.0/a.py' }),
  },
  elsewhere: {
    ...rows(
      ['', '06', ' 6', '6 ', '+6', '0x6', '6.0'],
      (size) => [before({ size }), 'invalid-size'],
      'a size of %s',
    ),
    'a size under a key with a space': [before({ ' size': '6' }), 'pax-malformed'],
    'another size': [before({ size: '7' }), 'pax-size-mismatch'],
    'one for all entries': [
      ofSdist({ entries: [pax({ size: '6' }, { typeflag: 'g' }), PY] }),
      'pax-global-override',
    ],
    'one in a gem': gem({ entries: [pax({ size: '1' }), entry({ name: 'a.rb', body: 'x' })] }, {}),
  },
  silent: {
    'the PAX headers that Python writes': before({
      mtime: '1700000000.25',
      path: 'fixture-1.0.0/a.py',
    }),
  },
  clean: { 'a tarball of npm': paxed({ size: '1' }, { name: 'package/a.js', body: 'x' }) },
});

describeRule('tar-blank-magic', warning({ entry: X, entryIndex: 2 }), {
  reports: { 'a header without magic': npm({ name: X, magic: 'v7' }) },
  silent: { 'POSIX magic': npm({ name: X }) },
});

describeRule('padded-number', warning(), {
  reports: {
    'a size that starts with spaces': [sized({ text: '          1 ' }), { offset: 2048 }],
    'a mode that starts with spaces': [npm({ name: X, mode: { text: '   644 \0' } }), { entry: X }],
  },
  silent: {
    'leading zeros': tgz(),
    'trailing spaces': npm({ name: X, mode: { text: '0000644 ' } }),
  },
});

/** The checksum in other digits: the checksum does not count its own field. */
function withDigits(digits: number): Buffer {
  const block = entry({ name: X });
  const sum = Number.parseInt(block.toString('latin1', 148, 154), 8);
  block.write(`${sum.toString(8).padStart(digits, '0')}\0`.slice(0, 8), 148, 8, 'latin1');
  return packageWith(block);
}

describeRule('tar-checksum', AT_2048, {
  reports: {
    'a checksum that is off': npm({ name: X, checksum: 1 }),
    'an empty checksum': npm({ name: X, checksum: Buffer.alloc(8) }),
    'digits up to the last byte, which node-tar reads on into the type': withDigits(8),
  },
  silent: {
    'six digits, NUL and space': npm({ name: X }),
    'seven digits and NUL, as some writers have it': withDigits(7),
  },
});

describeRule('tar-signed-checksum', AT_2048, {
  reports: { 'a sum over signed bytes': npm({ name: 'package/\u00e9.js', checksum: 'signed' }) },
  silent: {
    'a name beyond ASCII with the right sum': npm({ name: 'package/\u00e9.js' }),
    'ASCII only, where both sums are the same': npm({ name: X, checksum: 'signed' }),
  },
});

describeRule('tar-magic', AT_2048, {
  reports: {
    'an unknown magic': [npm({ name: X, magic: Buffer.from('USTAR!') }), OF_X],
    'ustar with an odd version': [npm({ name: X, version: ' 0' }), OF_X],
    'it on an extended header': packageWith(
      pax({ path: X }, { magic: Buffer.from('USTAR!') }),
      entry({ name: X }),
    ),
  },
  silent: { 'POSIX magic': npm({ name: X }), 'GNU magic': npm({ name: X, magic: 'gnu' }) },
});

describeRule('tar-prefix', AT_2048, {
  reports: {
    'a prefix under GNU magic': [
      npm({ name: 'x.js', magic: 'gnu', prefix: 'package/lib' }),
      { entry: 'x.js' },
    ],
    'a prefix without magic': npm({ name: X, magic: 'v7', prefix: 'package' }),
  },
  silent: {
    'a POSIX prefix': npm({ name: 'x.js', prefix: 'package/lib' }),
    'GNU magic without one': npm({ name: X, magic: 'gnu' }),
  },
});

describeRule('tar-field-residue', error({ entry: X }), {
  reports: {
    'bytes after the NUL of the name': [npm({ name: 'package/x.js\0.hidden' }), OF_X],
    'bytes after the NUL of the prefix': [npm({ name: 'x.js', prefix: 'package\0/../..' }), OF_X],
    'bytes after an empty prefix, also where a PAX path replaces it': paxed(
      { path: X },
      { name: X, raw: { prefix: Buffer.alloc(155).fill(0xf3, 143, 144) } },
    ),
    'bytes after the NUL of a link target': [npm({ name: X, linkname: '\0\n/etc' }), OF_X],
  },
  silent: {
    'a name that fills its field': npm({ name: `package/${'x'.repeat(92)}` }),
    'times behind the prefix, where old node-tar kept them': npm({
      name: 'x.js',
      raw: {
        prefix: Buffer.from(`${'package'.padEnd(131, '\0')}12345670123 12345670123 `),
      },
    }),
  },
});

describeRule('invalid-number', OF_X, {
  reports: {
    'a mode that is not a number': npm({ name: X, mode: { text: '0000x44\0' } }),
    'a mode of spaces': npm({ name: X, mode: { text: '        ' } }),
    'digits after the end of a number': npm({ name: X, mode: { text: '644 755\0' } }),
    'an empty mode, which pnpm 12 refuses': npm({ name: X, mode: null }),
    ...rows(
      ['uid', 'gid', 'mtime'],
      (field) => npm({ name: X, [field]: { text: ' '.repeat(field === 'mtime' ? 12 : 8) } }),
      '%s of spaces, which GNU tar refuses',
    ),
    'an owner past 32 bits, which GNU tar refuses': npm({ name: X, uid: { base256: 2n ** 32n } }),
    'an owner that is not a number': npm({ name: X, uid: { text: 'root\0' } }),
    'a device number that is none': npm({ name: X, devmajor: { text: '0x00\0' } }),
    'it on an extended header': [
      packageWith(pax({ path: X }, { mode: { text: '9999999\0' } }), entry({ name: X })),
      { entry: undefined, entryIndex: undefined },
    ],
  },
  silent: {
    'the largest owner': npm({ name: X, uid: { base256: 2n ** 32n - 1n } }),
    'empty owner and time': npm({ name: X, uid: null, gid: null, mtime: null }),
    'numbers that end in space and NUL': npm({ name: X, uid: { text: '000765 \0' } }),
    'owners in binary form': npm({ name: X, uid: { base256: 2_000_000_001n } }),
  },
});

describeRule('base256-number', AT_2048, {
  reports: {
    'a binary size': sized({ base256: 1 }),
    'a binary mode': [npm({ name: X, mode: { base256: 0o644 } }), OF_X],
  },
  silent: {
    'binary owners': npm({
      name: X,
      uid: { base256: 2_000_000_001n },
      gid: { base256: 1_900_000_001n },
    }),
    'octal numbers': tgz(),
  },
});

const LONG = `package/${'x'.repeat(100)}/index.js`;
const CUT = { name: LONG.slice(0, 100), body: 'x' };

describeRule('link-target-on-file', error(), {
  reports: {
    'a file with a link target': [npm({ name: X, linkname: 'index.js', body: 'x' }), OF_X],
    'package.json with a link target, which npm would not find': [
      tgz({
        manifest: null,
        entries: [entry({ name: 'package/package.json', linkname: 'x', body: PLAIN })],
      }),
      { entry: 'package/package.json' },
    ],
    'a folder with one': [
      npm({ ...symlink('package/lib/', 'x'), typeflag: '5' }),
      { entry: 'package/lib' },
    ],
    'an extended header with one, which Yarn 4.18 passes over': [
      packageWith(pax({ path: LONG }, { linkname: 'index.js' }), entry(CUT)),
      { offset: 2048 },
    ],
  },
  silent: {
    'the same extended header without': paxed({ path: LONG }, CUT),
    'a file without': tgz(),
    'owner names, which stand nearby': npm({ name: X, uname: 'builder', gname: 'staff' }),
  },
});

const ODD = { ...ENTRY_2, entry: 'package/odd' } as const;
const notDevices = {
  'an ordinary file of that name': npm({ name: 'package/odd', body: 'x' }),
  'a folder': npm(folder('package/odd/', 0o755)),
};

describeRule('character-device', ODD, {
  reports: { it: npm({ name: 'package/odd', typeflag: '3', devmajor: 5, devminor: 0 }) },
  silent: notDevices,
});
describeRule('block-device', ODD, {
  reports: { it: npm({ name: 'package/odd', typeflag: '4', devmajor: 7, devminor: 0 }) },
  silent: notDevices,
});
describeRule('fifo', ODD, {
  reports: { it: npm({ name: 'package/odd', typeflag: '6' }) },
  silent: notDevices,
});
describeRule('contiguous-file', OF_X, {
  reports: { 'a contiguous file': npm({ name: X, typeflag: '7', body: 'x' }) },
  silent: {
    'an ordinary file': npm({ name: X, body: 'x' }),
    'the old spelling of one': npm({ name: X, typeflag: 0, body: 'x' }),
  },
});

describeRule('unknown-typeflag', error(), {
  reports: {
    'an unknown type': [npm({ name: X, typeflag: 'Z', body: 'x' }), OF_X],
    'a byte that is not a letter': [npm({ name: X, typeflag: 0xff }), { entry: X }],
    'the types of GNU and Solaris': [
      npm(
        { name: 'package/a', typeflag: 'D' },
        { name: 'package/b', typeflag: 'M' },
        { name: 'package/c', typeflag: 'X' },
      ),
      { entry: 'package/a' },
      { entry: 'package/b' },
      { entry: 'package/c' },
    ],
  },
  silent: {
    'files, in both spellings, and folders': npm(
      { name: 'package/a.js', typeflag: 0 },
      folder('package/lib/'),
    ),
  },
});

describeRule('sparse-file', error({ ...ENTRY_2, entry: 'package/sparse' }), {
  reports: { 'a GNU sparse file': packageWith(gnuSparse({ name: 'package/sparse' })) },
  silent: { 'a file of zeros': filled({ 'zeros.bin': Buffer.alloc(4096) }) },
});

describeRule('special-mode-bits', error({ entry: 'package/run' }), {
  reports: {
    'set-user-id': [npm({ name: 'package/run', mode: 0o4755 }), ENTRY_2],
    'set-group-id': npm({ name: 'package/run', mode: 0o2755 }),
    'sticky, also on a folder': [npm(folder('package/tmp/', 0o1777)), { entry: 'package/tmp' }],
  },
  silent: {
    'modes that anyone may write': npm({ name: 'package/x', mode: 0o777 }),
    'a read-only file': npm({ name: 'package/x', mode: 0o444 }),
  },
});

describeRule('type-bits-in-mode', warning({ entry: X, entryIndex: 2 }), {
  reports: { 'a file type in the mode': npm({ name: X, mode: 0o100644 }) },
  silent: { 'permission bits alone': npm({ name: X, mode: 0o644 }) },
});

const tail = (...parts: Part[]): Buffer => tgz({ tail: parts });

describeRule('tar-truncated', error(), {
  reports: {
    'content that ends too early': tail(
      entry({ name: 'package/big', declaredSize: 4096, body: 'few', pad: false }),
    ),
    'a header that ends too early': tail(header({ name: 'package/half' }).subarray(0, 100)),
    'a missing padding': tail(entry({ name: 'package/x', body: 'x', pad: false })),
  },
  silent: { 'a file that fills its blocks': filled({ 'a.bin': Buffer.alloc(1024) }) },
});

describeRule('missing-end-marker', error(), {
  reports: {
    'an archive without zero blocks': [tail(), { offset: 2048 }],
    'one zero block': [tail(end(1)), { offset: 2560 }],
  },
  silent: { 'two zero blocks': tgz(), many: tail(end(16)) },
});

describeRule('entries-after-end', error(), {
  reports: {
    'an entry after two zero blocks': [tail(end(), smuggled, end()), { offset: 3072 }],
    'an entry after one zero block': [tail(zeroBlock, smuggled, end()), { offset: 2560 }],
  },
  silent: {
    'zeros only': tail(end(40)),
    'a file of zeros': filled({ 'zeros.bin': Buffer.alloc(4096) }),
  },
});

describeRule('nonzero-tail', error(), {
  reports: {
    'text after the end marker': [
      tail(end(), Buffer.from('text'.padEnd(512, '.'))),
      { offset: 3072 },
    ],
    'a few bytes after the end marker': tail(end(), Buffer.from('text')),
  },
  silent: {
    'zeros of any length': tail(end(), Buffer.alloc(100)),
    'a whole record of zeros': tail(end(16)),
  },
});

describeRule('long-zero-tail', warning({ offset: 2048 }), {
  reports: rows(
    [10_241, 10_752, 50_000],
    (zeros) => [tail(end(), Buffer.alloc(zeros)), { says: `${zeros} bytes` }],
    '%s zeros after the end marker',
  ),
  clean: rows([0, 1, 512, 9216, 10_240], (zeros) => tail(end(), Buffer.alloc(zeros)), '%s zeros'),
  elsewhere: {
    'other bytes, which are an error of another name': tail(
      end(),
      Buffer.alloc(10_752),
      Buffer.from('text'.padEnd(512, '.')),
    ),
  },
});
