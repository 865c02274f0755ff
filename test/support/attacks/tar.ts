/** Tar structure that two readers take for different archives. */
import { archive, BLOCK, end, entry, header, zeroBlock } from '../tar.ts';
import { pkg } from '../pkg.ts';
import { gzipWithZeros } from '../gzip.ts';
import { inTar, noted, raw, warned, type Attack, type Target, added } from './attack.ts';

const smuggled = entry({ name: 'package/smuggled.js', body: 'smuggled\n' });

export const structure: readonly Attack[] = [
  // package/… , two zero blocks, package/smuggled.js, two zero blocks
  inTar('entries-after-end: entries after the end marker', 'entries-after-end', () => ({
    tail: [end(), smuggled, end()],
  })),

  // package/package.json, one zero block, package/smuggled.js
  inTar(
    'entries-after-one-zero-block: entries after a single zero block',
    'entries-after-end',
    () => ({
      tail: [zeroBlock, smuggled, end()],
    }),
  ),

  // two zero blocks, then bytes that are no header
  inTar('nonzero-tail: bytes after the end marker', 'nonzero-tail', () => ({
    tail: [end(), Buffer.from('tail that is not zero'.padEnd(BLOCK, '.'))],
  })),

  // package/… , two zero blocks, 21 zero blocks
  warned(
    inTar('long-zero-tail: more zeros after the end than pnpm 12 takes', 'long-zero-tail', () => ({
      tail: [end(23)],
    })),
  ),

  // package/… and no zero block
  inTar('missing-end-marker: no end marker', 'missing-end-marker', () => ({ tail: [] })),

  // package/big declares 4096 bytes, 10 are there
  inTar('tar-truncated: a body that is cut off', 'tar-truncated', () => ({
    tail: [entry({ name: 'package/big', declaredSize: 4096, body: 'only a few', pad: false })],
  })),

  // 100 bytes of a header
  inTar('tar-truncated-header: a header that is cut off', 'tar-truncated', () => ({
    tail: [header({ name: 'package/half' }).subarray(0, 100)],
  })),

  // package/bad.js with a checksum one off
  added(
    'tar-checksum: a wrong header checksum',
    'tar-checksum',
    entry({ name: 'package/bad.js', body: 'bad\n', checksum: 1 }),
  ),

  // package/bad.js with an empty checksum
  added(
    'tar-checksum-empty: an empty header checksum',
    'tar-checksum',
    entry({ name: 'package/bad.js', body: 'bad\n', checksum: Buffer.alloc(8) }),
  ),

  // package/é.js with a sum over signed bytes, as old Sun tar wrote it
  added(
    'tar-signed-checksum: a checksum over signed bytes',
    'tar-signed-checksum',
    entry({ name: 'package/\u00e9.js', body: 'signed\n', checksum: 'signed' }),
  ),

  // package/odd.js with magic `USTAR!`
  added(
    'tar-magic: an unknown magic',
    'tar-magic',
    entry({ name: 'package/odd.js', body: 'odd\n', magic: Buffer.from('USTAR!') }),
  ),

  // a header that begins with NUL, where one reader stops
  added(
    'first-byte-nul: a name that begins with NUL',
    'empty-path',
    entry({ name: '\0ackage/x.js', body: 'lost\n' }),
    smuggled,
  ),

  // package/x.js with size -512
  added(
    'invalid-size-negative: a negative size in base-256',
    'invalid-size',
    header({ name: 'package/x.js', size: { base256: -512n } }),
    smuggled,
  ),

  // package/x.js with size '-1'
  added(
    'invalid-size-negative-text: a negative size in text',
    'invalid-size',
    header({ name: 'package/x.js', size: { text: '-0000000001\0' } }),
  ),

  // package/x.js with size 2^63
  added(
    'invalid-size-overflow: a size beyond 2^63',
    'invalid-size',
    header({ name: 'package/x.js', size: { base256: 1n << 63n } }),
  ),

  // package/x.js with size '0000000000x'
  added(
    'invalid-size-text: a size that is not a number',
    'invalid-size',
    header({ name: 'package/x.js', size: { text: '0000000000x\0' } }),
  ),

  // package/x.js with size '00000001 000': digits after the end of the number
  added(
    'invalid-size-residue: digits after the end of a size',
    'invalid-size',
    entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '0000001 1000' } }),
  ),

  // package/x.js with size '00000000019', a digit that is not octal
  added(
    'invalid-size-decimal: a decimal digit in an octal size',
    'invalid-size',
    entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '00000000019\0' } }),
  ),

  // package/x.js with mode '0000x44'
  added(
    'invalid-number: a mode that is not a number',
    'invalid-number',
    entry({ name: 'package/x.js', mode: { text: '0000x44\0' }, body: 'x' }),
  ),

  // package/x.js with a size in base-256
  added(
    'base256-number: a size in base-256',
    'base256-number',
    entry({ name: 'package/x.js', body: 'x', declaredSize: { base256: 1 } }),
  ),

  // package/x.js with size '          1', as old BSD tar wrote it
  warned(
    added(
      'padded-number: a size that begins with spaces',
      'padded-number',
      entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '          1 ' } }),
    ),
  ),

  // package/x.js without a magic, as tar wrote it before POSIX
  warned(
    added(
      'tar-blank-magic: no magic',
      'tar-blank-magic',
      entry({ name: 'package/x.js', magic: 'v7', body: 'x' }),
    ),
  ),

  // GNU magic, and bytes where POSIX keeps the prefix
  added(
    'tar-prefix: a prefix under GNU magic',
    'tar-prefix',
    entry({ name: 'index2.js', magic: 'gnu', prefix: 'package/lib', body: 'x' }),
  ),

  // package/x.js with mode 100644
  warned(
    added(
      'type-bits-in-mode: the type of the file in its mode',
      'type-bits-in-mode',
      entry({ name: 'package/x.js', mode: 0o100644, body: 'x' }),
    ),
  ),

  // package/lib/ (directory) with a body that is itself an entry
  added(
    'directory-with-body: a directory with a body that is an entry',
    'size-on-non-file',
    entry({ name: 'package/lib/', typeflag: '5', body: smuggled }),
  ),

  // package/lib/ (type file, trailing slash, which v7 readers take for a directory)
  added(
    'file-with-trailing-slash: a file whose name ends in a slash',
    'empty-component',
    entry({ name: 'package/lib/', typeflag: '0', body: smuggled }),
  ),

  // package/run.sh with mode 4755, 2755, 1755
  ...[0o4755, 0o2755, 0o1755].map((mode) =>
    added(
      `special-mode-bits-${mode.toString(8)}: mode ${mode.toString(8)}`,
      'special-mode-bits',
      entry({ name: 'package/run.sh', mode, body: '#!/bin/sh\n' }),
    ),
  ),

  // package/run.sh with mode 654, of which npm keeps no right to run it and pnpm one for all
  // "scripts": {"prepare": "./run.sh"}, which managers run where the package comes from git
  inTar('execute-without-owner: mode 654', 'execute-without-owner', ({ manifest }) => ({
    manifest: { ...manifest, scripts: { prepare: './run.sh' } },
    entries: [entry({ name: 'package/run.sh', mode: 0o654, body: '#!/bin/sh\n' })],
  })),

  // package/notes.txt (-rw-r-xr-x), which nothing runs
  noted(
    added(
      'executable-for-others: mode 655 of a text',
      'executable-for-others',
      entry({ name: 'package/notes.txt', mode: 0o655, body: 'x\n' }),
    ),
  ),

  // package/run.sh with an empty mode
  added(
    'invalid-number-empty-mode: an empty mode',
    'invalid-number',
    entry({ name: 'package/run.sh', mode: null, body: '#!/bin/sh\n' }),
  ),

  // package/lost.js (file) with a link target, for which node-tar drops it
  added(
    'link-target-on-file: a file with a link target',
    'link-target-on-file',
    entry({ name: 'package/lost.js', linkname: 'index.js', body: 'lost\n' }),
  ),

  // 60,000 empty files
  inTar('entry-count-limit: more entries than any package has', 'entry-count-limit', () => ({
    entries: Array.from({ length: 60_000 }, (_, i) => header({ name: `package/f${i}` })),
  })),

  // package/zeros: 600 MiB of zeros, which compress to some 600 kB
  raw('compression-ratio-limit: a bomb of zeros', 'compression-ratio-limit', (to) =>
    bomb(to, 600, 0),
  ),

  // package/zeros: 1,100 MiB that compress to some 10 MB, a ratio that is not remarkable
  raw('unpacked-size-limit: more than a package may unpack to', 'unpacked-size-limit', (to) =>
    bomb(to, 1100, 8192),
  ),
];

function bomb({ name, version }: Target, mebibytes: number, noise: number): Buffer {
  const size = mebibytes * 1024 * 1024;
  return gzipWithZeros(
    archive(pkg({ name, version, tail: [] }), header({ name: 'package/zeros', size })),
    mebibytes,
    noise,
  );
}
