/** Entries that are neither file, folder nor link. */
import { gnuSparse } from '../pkg.ts';
import { entry, pax } from '../tar.ts';
import { type Attack, added } from './attack.ts';

export const types: readonly Attack[] = [
  // package/tty (character device 5, 0)
  added(
    'character-device: a character device',
    'character-device',
    entry({ name: 'package/tty', typeflag: '3', devmajor: 5, devminor: 0 }),
  ),

  // package/disk (block device 7, 0)
  added(
    'block-device: a block device',
    'block-device',
    entry({ name: 'package/disk', typeflag: '4', devmajor: 7, devminor: 0 }),
  ),

  // package/pipe (fifo)
  added('fifo: a named pipe', 'fifo', entry({ name: 'package/pipe', typeflag: '6' })),

  // package/contiguous.js (type 7, which some write and others drop)
  added(
    'contiguous-file: a contiguous file',
    'contiguous-file',
    entry({ name: 'package/contiguous.js', typeflag: '7', body: 'contiguous\n' }),
  ),

  // package/odd.js (type Z)
  added(
    'unknown-typeflag: an unknown type of entry',
    'unknown-typeflag',
    entry({ name: 'package/odd.js', typeflag: 'Z', body: 'odd\n' }),
  ),

  // package/odd.js (type byte 0xff)
  added(
    'unknown-typeflag-high-byte: a type that is no ASCII character',
    'unknown-typeflag',
    entry({ name: 'package/odd.js', typeflag: 0xff, body: 'odd\n' }),
  ),

  // package/dump (type D, GNU dump directory)
  added(
    'gnu-dump-directory: a GNU dump directory',
    'unknown-typeflag',
    entry({ name: 'package/dump', typeflag: 'D', magic: 'gnu', body: 'Yfile\0\0' }),
  ),

  // package/sparse (type S: 512 bytes of hole, 4 of data)
  added('sparse-file: a GNU sparse file', 'sparse-file', gnuSparse({ name: 'package/sparse' })),

  // package/sparse (type S with a second block of the map, which readers that do not know it take for the body)
  added(
    'sparse-file-extended: a GNU sparse file with an extended map',
    'sparse-file',
    gnuSparse({ name: 'package/sparse', extended: Buffer.alloc(512) }),
  ),

  // x GNU.sparse.major=1 GNU.sparse.name=package/index.js
  // package/GNUSparseFile.0/x (file)
  added(
    'pax-sparse: a sparse file in PAX clothes, renamed',
    'pax-sparse',
    pax({
      'GNU.sparse.major': '1',
      'GNU.sparse.minor': '0',
      'GNU.sparse.name': 'package/index.js',
      'GNU.sparse.realsize': '4',
    }),
    entry({ name: 'package/GNUSparseFile.0/x', body: `${'1\n0\n4\n'.padEnd(512, '\0')}evil` }),
  ),
];
