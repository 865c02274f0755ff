/** What an sdist is a file of. */
import { gzip } from '../gzip.ts';
import { zip } from '../zip.ts';
import type { Add, Maker } from './sdist-maker.ts';

/** pip asks `zipfile.is_zipfile` first, whatever the name. */
export function hiddenZips(make: Maker, add: Add): void {
  const tar = make.tar();
  // <tar.gz><zip>
  add(
    'zip-behind: a zip behind the gzip member',
    ['hidden-zip', 'gzip-trailing-bytes'],
    Buffer.concat([gzip(tar), make.zip()]),
  );
  // <tar.gz><zip><64 KiB>: the comment hides the end record from who looks at the last bytes alone
  add(
    'zip-behind-comment: a zip behind the gzip member, with the longest comment',
    ['hidden-zip', 'gzip-trailing-bytes'],
    Buffer.concat([gzip(tar), make.zip({ comment: 'x'.repeat(0xffff) })]),
  );
  // gzip(stored: <tar ... fixture/data.zip><zeros>)
  add(
    'zip-inside: a zip that the tar holds and the compression leaves as it is',
    'hidden-zip',
    gzip(make.tar({ entries: [make.file('data.zip', make.zip())] }), { level: 0 }),
  );
  // gzip(extra field: <zip>, <tar>)
  add(
    'zip-in-header: a zip in an extra field of the gzip header',
    ['hidden-zip', 'gzip-header'],
    gzip(tar, { extra: make.zip() }),
  );
  add(
    'zip64-behind: a zip64 archive behind the gzip member',
    ['hidden-zip', 'gzip-trailing-bytes'],
    Buffer.concat([gzip(tar), make.zip({ zip64: true })]),
  );
  // <tar.gz><end record of no entries>: pip unpacks nothing
  add(
    'empty-zip-behind: an empty zip behind the gzip member',
    ['hidden-zip', 'gzip-trailing-bytes'],
    Buffer.concat([gzip(tar), zip([])]),
  );
  add(
    'zip-behind-tar: a zip behind a bare tar',
    ['hidden-zip', 'nonzero-tail', 'uncompressed-archive'],
    Buffer.concat([tar, make.zip()]),
    `${make.top}.tar`,
  );
}

export function containers(make: Maker, add: Add): void {
  const { top } = make;
  const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]);
  add('bare-tar: a tar without compression', 'uncompressed-archive', make.tar(), `${top}.tar`);
  add('xz: a tar.xz', 'unsupported-compression', xz, `${top}.tar.xz`);
  add('bzip2: a tar.bz2', 'unsupported-compression', Buffer.from('BZh91AY&SY'), `${top}.tar.bz2`);
  add(
    'lzma: a tar.lzma',
    'unsupported-compression',
    Buffer.from([0x5d, 0, 0, 0x80, 0]),
    `${top}.tar.lzma`,
  );
  add('lzip: a tar.lz', 'unsupported-compression', Buffer.from('LZIP\x01'), `${top}.tar.lz`);
  add(
    'xz-as-gzip: a tar.xz by the name of a tar.gz',
    ['archive-type-mismatch', 'unsupported-compression'],
    xz,
  );
  add(
    'gzip-as-zip: a tar.gz by the name of a zip',
    'archive-type-mismatch',
    make.tgz(),
    `${top}.zip`,
  );
  add(
    'gzip-as-xz: a tar.gz by the name of a tar.xz',
    'archive-type-mismatch',
    make.tgz(),
    `${top}.tar.xz`,
  );
  add(
    'tar-as-gzip: a bare tar by the name of a tar.gz',
    ['archive-type-mismatch', 'uncompressed-archive'],
    make.tar(),
  );
  add('zip-as-gzip: a zip by the name of a tar.gz', 'archive-type-mismatch', make.zip());
  add(
    'html: a page instead of an archive',
    ['archive-type-mismatch', 'unrecognised-format'],
    Buffer.from('<!doctype html>'),
  );
}
