/** Extended headers: PAX and GNU, which readers apply differently. */
import { archive, entry, gnuLongName, header, pax, paxBody } from '../tar.ts';
import { inTar, type Attack, added } from './attack.ts';

const smuggled = entry({ name: 'package/smuggled.js', body: 'smuggled\n' });
const harmless = entry({ name: 'package/harmless.js', body: 'harmless\n' });

// x size=0
// package/data.bin, header size 1024, its body being:
//   package/smuggled.js      an entry for the readers that believe PAX, data for the others
export const paxDesync: Attack = added(
  'pax-size-desync: a PAX size of 0 over a body of headers',
  'pax-size-mismatch',
  pax({ size: '0' }),
  entry({ name: 'package/data.bin', body: smuggled }),
);

export const paxAttacks: readonly Attack[] = [
  paxDesync,

  // x comment=x, and behind its size, up to the end of the block: path=package/smuggled.js, which Python reads
  added(
    'pax-record-in-padding: a PAX path in the padding of its header',
    'extended-header-padding',
    entry({
      name: 'PaxHeader/file',
      typeflag: 'x',
      body: Buffer.concat([paxBody({ comment: 'x' }), paxBody({ path: 'package/smuggled.js' })]),
      declaredSize: paxBody({ comment: 'x' }).length,
    }),
    harmless,
  ),

  // x size=1024 over a header of size 0: an entry for the readers that believe the header, data for the others
  added(
    'pax-size-larger: a PAX size over an empty header size',
    'pax-size-mismatch',
    pax({ size: String(smuggled.length) }),
    header({ name: 'package/data.bin' }),
    smuggled,
  ),

  // x path=package/<100 characters>/long.js, with a link target in its own header: who drops it installs the short path
  added(
    'extended-header-link-target: an extended header with a link target',
    'link-target-on-file',
    pax({ path: `package/${'x'.repeat(100)}/long.js` }, { linkname: 'index.js' }),
    entry({ name: `package/${'x'.repeat(92)}`, body: 'long\n' }),
  ),

  // x size=-1
  added('pax-size-negative: a negative PAX size', 'invalid-size', pax({ size: '-1' }), harmless),

  // x size=9 twice, the second 0
  added(
    'pax-size-twice: a PAX size twice',
    'pax-repeated-key',
    pax([
      ['size', '9'],
      ['size', '0'],
    ]),
    harmless,
  ),

  // x path=package/evil.js over package/harmless.js
  added(
    'pax-path-mismatch: a PAX path that is another file',
    'pax-path-mismatch',
    pax({ path: 'package/evil.js' }),
    harmless,
  ),

  // x path=package/evil.js path=package/harmless.js
  added(
    'pax-path-twice: a PAX path twice',
    'pax-repeated-key',
    pax([
      ['path', 'package/evil.js'],
      ['path', 'package/harmless.js'],
    ]),
    harmless,
  ),

  // x linkpath=index.js over a file
  added(
    'pax-linkpath-mismatch: a PAX link target for what is not a link',
    'pax-linkpath-mismatch',
    pax({ linkpath: 'index.js' }),
    harmless,
  ),

  // g path=package/evil.js
  added(
    'pax-global-path: a global path',
    'pax-global-override',
    pax({ path: 'package/evil.js' }, { global: true }),
    harmless,
  ),

  // g size=0
  added(
    'pax-global-size: a global size',
    'pax-global-override',
    pax({ size: '0' }, { global: true }),
    entry({ name: 'package/data.bin', body: smuggled }),
  ),

  // g linkpath=../../elsewhere
  added(
    'pax-global-linkpath: a global link target',
    'pax-global-override',
    pax({ linkpath: '../elsewhere' }, { global: true }),
    harmless,
  ),

  // x path=package/one.js, x path=package/harmless.js, package/harmless.js
  added(
    'pax-repeated: two PAX headers before one entry',
    'extended-header-repeated',
    pax({ path: 'package/one.js' }),
    pax({ path: 'package/harmless.js' }),
    harmless,
  ),

  // L package/one.js, L package/harmless.js, package/harmless.js
  added(
    'gnu-long-name-repeated: two GNU long names before one entry',
    'extended-header-repeated',
    gnuLongName('package/one.js'),
    gnuLongName('package/harmless.js'),
    harmless,
  ),

  // L package/one.js, x path=package/two.js, package/harmless.js: which wins differs
  added(
    'gnu-and-pax-path: a GNU long name and a PAX path',
    ['gnu-long-name', 'pax-path-mismatch'],
    gnuLongName('package/one.js'),
    pax({ path: 'package/two.js' }),
    harmless,
  ),

  // L package/evil.js over package/harmless.js
  added(
    'gnu-long-name: a GNU long name over another name',
    'gnu-long-name',
    gnuLongName('package/evil.js'),
    harmless,
  ),

  // x with nothing after it but the end
  added(
    'extended-header-orphan: a PAX header before the end marker',
    'extended-header-orphan',
    pax({ path: 'package/nothing.js' }),
  ),

  // x, g, entry: a global header between a local one and its entry
  added(
    'extended-header-before-global: a PAX header before a global one',
    'extended-header-orphan',
    pax({ path: 'package/harmless.js' }),
    pax({ comment: 'x' }, { global: true }),
    harmless,
  ),

  // x with 2 MiB of comment
  added(
    'extended-header-oversized: a PAX header of megabytes',
    'extended-header-oversized',
    pax({ comment: 'x'.repeat(2 * 1024 * 1024) }),
    harmless,
  ),

  // x whose header claims 8 GiB
  inTar(
    'extended-header-huge-claim: a PAX header that claims 8 GiB',
    'extended-header-oversized',
    () => ({
      tail: [
        header({ name: 'PaxHeader/x', typeflag: 'x', size: 8 * 1024 ** 3 - 1 }),
        Buffer.alloc(512, 'x'),
      ],
    }),
  ),

  // x: a record whose length is too long
  added(
    'pax-record-length: a PAX record with a wrong length',
    'pax-malformed',
    pax([['path', 'package/harmless.js', 99]]),
    harmless,
  ),

  // x: a record without '='
  added(
    'pax-record-no-equals: a PAX record without =',
    'pax-malformed',
    pax(Buffer.from('9 nokeys\n')),
    harmless,
  ),

  // x: a record without an ending newline
  added(
    'pax-record-no-newline: a PAX record without a newline',
    'pax-malformed',
    pax(Buffer.from('27 path=package/harmless.jsX')),
    harmless,
  ),

  // x: a record of length 0
  added(
    'pax-record-zero: a PAX record of length 0',
    'pax-malformed',
    pax([['path', 'package/harmless.js', 0]]),
    harmless,
  ),

  // x: comment with a newline, after which path=… looks like a record to readers that split at newlines
  added(
    'pax-value-newline: a record inside the value of another',
    'pax-value-newline',
    pax({ comment: 'x\n28 path=package/smuggled.js' }),
    harmless,
  ),

  // x hdrcharset=BINARY path=…
  added(
    'pax-charset: a PAX header in another charset',
    'pax-charset',
    pax({ hdrcharset: 'BINARY', path: 'package/harmless.js' }),
    harmless,
  ),

  // x path=package/harmless.js NUL, and a NUL in what names an owner: readers stop at it, or do not
  added(
    'pax-value-nul: a NUL in the name of an owner',
    'pax-malformed',
    pax({ uname: 'root\0x' }),
    harmless,
  ),

  // g SCHILY.realsize=4096 hdrcharset=BINARY
  added(
    'pax-global-vendor: a global header with keys of vendors',
    'pax-global-override',
    pax({ mtime: '1', 'SCHILY.realsize': '4096' }, { global: true }),
    harmless,
  ),

  // x with a body that is not whole: the next header begins inside it for some
  added(
    'pax-chain: a PAX header for a PAX header',
    ['extended-header-repeated'],
    pax({ size: '0' }),
    archive(pax({ comment: 'x' }), harmless),
  ),
];
