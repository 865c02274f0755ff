/** Paths, headers and PKG-INFO of sdists. */
import { gzip } from '../gzip.ts';
import { gnuSparse } from '../pkg.ts';
import { pkgInfo } from '../sdist.ts';
import { end, entry, gnuLongName, header, pax } from '../tar.ts';
import type { Add, Maker } from './sdist-maker.ts';

export function places(make: Maker, add: Add): void {
  const { target, top } = make;
  add(
    'traversal: a path that climbs out',
    'path-traversal',
    make.with(make.file(`${target}/planted`)),
  );
  add(
    'absolute: an absolute path',
    ['absolute-path', 'multiple-top-folders'],
    make.with(entry({ name: '/nonexistent/tarwarden-planted', body: 'x' })),
  );
  add(
    'backslash: a path with backslashes',
    'backslash-path',
    make.with(make.file('..\\..\\planted')),
  );
  add(
    'second-folder: a second first folder',
    'multiple-top-folders',
    make.with(entry({ name: `${top}x/setup.py`, body: 'x' })),
  );
  add(
    'outside-folder: a file beside the first folder',
    'no-top-folder',
    make.with(entry({ name: 'setup.py', body: 'x' })),
  );
  add('dot-folder: paths that begin with ./', 'leading-dot-folder', make.tgz({ top: `./${top}` }));
  add(
    'twice: one path twice',
    'duplicate-path',
    make.with(make.file('backend.py', 'print("second")\n')),
  );
  add(
    'case-collision: two paths that differ in case',
    'case-collision',
    make.with(make.file('BACKEND.py')),
  );
  add('fifo: a named pipe', 'fifo', make.with(header({ name: `${top}/pipe`, typeflag: '6' })));
  add(
    'device: a device',
    'character-device',
    make.with(header({ name: `${top}/null`, typeflag: '3', devmajor: 1, devminor: 3 })),
  );
}

export function structure(make: Maker, add: Add): void {
  const { top } = make;
  const smuggled = make.file('smuggled.py');
  add(
    'pax-size: a PAX size of 0 over a body of headers',
    'pax-size-mismatch',
    make.with(pax({ size: '0' }), make.file('data.bin', smuggled)),
  );
  // x size=1024 over a file of that size, then an empty file: a program that applies the size to it as well skips two headers
  add(
    'pax-size-repeated: a PAX size that is right, before a file of another size',
    'pax-size-repeated',
    make.with(
      pax({ size: String(smuggled.length) }),
      make.file('data.bin', smuggled),
      make.file('empty.py', ''),
      make.file('skipped.py', 'x = 1\n'),
    ),
  );
  // L fixture-1.0.0/setup.py, x path=fixture-1.0.0/harmless.py: Python takes one, GNU tar the other
  add(
    'gnu-and-pax: a path by GNU and another by PAX',
    'extended-headers-mixed',
    make.with(
      gnuLongName(`${top}/setup.py`),
      pax({ path: `${top}/harmless.py` }),
      make.file('harmless.py'),
    ),
  );
  add(
    'pax-path: a PAX path over another one',
    'pax-path-mismatch',
    make.with(pax({ path: `${top}/setup.py` }), make.file('harmless.py')),
  );
  add(
    'second-member: a second gzip member',
    'gzip-second-member',
    gzip(make.tar(), { members: [make.tar({ pkgInfo: null })] }),
  );
  add(
    'after-end: an entry after the end',
    'entries-after-end',
    make.tgz({ tail: [end(), make.file('setup.py'), end()] }),
  );
  add(
    'sparse: a GNU sparse file',
    ['sparse-file', 'tar-prefix'],
    make.with(gnuSparse({ name: `${top}/sparse` })),
  );
  add(
    'pax-sparse: a sparse file by PAX, renamed',
    'pax-sparse',
    make.with(
      pax({
        'GNU.sparse.major': '1',
        'GNU.sparse.minor': '0',
        'GNU.sparse.name': `${top}/backend.py`,
        'GNU.sparse.realsize': '4',
      }),
      make.file('GNUSparseFile.0/x', `${'1\n0\n4\n'.padEnd(512, '\0')}evil`),
    ),
  );
}

export function identity(make: Maker, add: Add): void {
  const { name, version, top } = make;
  const info = (text: string | null): Buffer => make.tgz({ pkgInfo: text });
  add('no-pkg-info: no PKG-INFO', 'pkg-info-missing', info(null));
  add(
    'other-name: a PKG-INFO of another project',
    ['pkg-info-name-mismatch', 'sdist-file-name-mismatch'],
    info(pkgInfo(`${name}x`, version)),
  );
  add(
    'other-version: a PKG-INFO of another version',
    ['pkg-info-version-mismatch', 'sdist-file-name-mismatch'],
    info(pkgInfo(name, `${version}.1`)),
  );
  add(
    'pkg-info-link: a PKG-INFO that is a link',
    'pkg-info-irregular',
    make.tgz({
      pkgInfo: null,
      files: { other: pkgInfo(name, version) },
      entries: [make.link('PKG-INFO', 'other')],
    }),
  );
  add(
    'pkg-info-twice: a second PKG-INFO',
    ['duplicate-path', 'pkg-info-name-mismatch', 'sdist-file-name-mismatch'],
    make.with(make.file('PKG-INFO', pkgInfo(`${name}x`, version))),
  );
  add(
    'name-twice: two names in PKG-INFO',
    'pkg-info-invalid',
    info(`Name: ${name}\nName: ${name}x\nVersion: ${version}\n`),
  );
  add(
    'name-after-error: a name that only some readers find',
    'pkg-info-invalid',
    info(`Name: ${name}\nVersion: ${version}\n?\nName: ${name}x\n`),
  );
  add(
    'renamed-file: a file named after another version',
    'sdist-file-name-mismatch',
    make.tgz(),
    `${top}.1.tar.gz`,
  );
}
