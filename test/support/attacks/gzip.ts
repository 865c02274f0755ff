/** Compression that two readers end at different places, or that one of them refuses. */
import { gzipSync } from 'node:zlib';
import { entry, archive, end } from '../tar.ts';
import { pkg } from '../pkg.ts';
import { inGzip, raw, warned, type Attack } from './attack.ts';

const second = (name: string): Buffer =>
  archive(
    entry({ name: 'package/smuggled.js', body: `module.exports = ${JSON.stringify(name)}\n` }),
    end(),
  );

export const gzipAttacks: readonly Attack[] = [
  // member 1: the package; member 2: an archive with package/smuggled.js
  inGzip(
    'gzip-second-member: a second archive in a second member',
    'gzip-second-member',
    ({ name }) => ({
      members: [second(name)],
    }),
  ),

  // member 1: nothing; member 2: the package
  inGzip('gzip-empty-first-member: an empty member first', 'gzip-second-member', () => ({
    emptyMemberFirst: true,
  })),

  // the package over two members
  inGzip('gzip-split-members: one archive over two members', 'gzip-second-member', () => ({
    splitAt: [700],
  })),

  // the package, then text
  inGzip('gzip-trailing-bytes: bytes after the gzip end', 'gzip-trailing-bytes', () => ({
    trailing: Buffer.from('trailing bytes'),
  })),

  // the package, then more zeros than fill a record
  inGzip('gzip-trailing-zeros: many zeros after the gzip end', 'gzip-trailing-bytes', () => ({
    trailing: Buffer.alloc(10_240),
  })),

  // the package, then zeros, then a second archive: for those who look on, or begin at the end
  inGzip(
    'gzip-zeros-then-member: a second archive behind zeros after the gzip end',
    'gzip-trailing-bytes',
    ({ name }) => ({ trailing: Buffer.concat([Buffer.alloc(512), gzipSync(second(name))]) }),
  ),

  // the package, then a magic and no more
  inGzip('gzip-trailing-magic: half a member after the gzip end', 'gzip-trailing-bytes', () => ({
    trailing: Buffer.from([0x1f, 0x8b]),
  })),

  inGzip('gzip-checksum: a wrong CRC', 'gzip-checksum', () => ({ crc: 0x12345678 })),
  inGzip('gzip-length: a wrong length', 'gzip-length', () => ({ isize: 42 })),
  inGzip('gzip-length-zero: a length of 0', 'gzip-length', () => ({ isize: 0 })),
  inGzip('gzip-length-huge: a length of 4 GiB', 'gzip-length', () => ({ isize: 0xffffffff })),
  inGzip('gzip-header-reserved: a reserved header flag', 'gzip-header', () => ({ flags: 0x20 })),
  inGzip('gzip-header-method: a method that is not deflate', 'gzip-header', () => ({
    method: 7,
  })),
  inGzip('gzip-header-crc: a wrong header CRC', 'gzip-header', () => ({ headerCrc: 0xdead })),
  inGzip('gzip-truncated: a member that is cut off', 'gzip-truncated', () => ({ cut: 20 })),
  inGzip('gzip-truncated-trailer: a trailer that is cut off', 'gzip-truncated', () => ({
    cut: 3,
  })),
  inGzip('gzip-corrupt: data that is not deflate', 'gzip-corrupt', () => ({
    deflated: Buffer.alloc(64, 0xff),
  })),

  // as `gzip FILE` writes it; very old packages have it
  warned(
    inGzip('gzip-name: a file name in the gzip header', 'gzip-optional-header', () => ({
      name: 'fixture.tar',
    })),
  ),

  // tar without gzip
  raw(
    'uncompressed-archive: tar that is not compressed',
    'uncompressed-archive',
    ({ name, version }) => pkg({ name, version }),
  ),

  // gzip in gzip
  raw('gzip-twice: gzip in gzip', 'tar-truncated', ({ name, version }) =>
    gzipSync(gzipSync(pkg({ name, version }))),
  ),

  raw('not-an-archive: a page instead of an archive', 'unrecognised-format', () =>
    Buffer.from('<html>not found</html>'),
  ),
  raw('empty-file: no bytes at all', 'unrecognised-format', () => Buffer.alloc(0)),
];
