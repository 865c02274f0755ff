import { gzip } from '../gzip.ts';
import { pkgInfo, sdistZip } from '../sdist.ts';
import { header, pax } from '../tar.ts';
import { gathered, type ArchiveCase, type SdistTarget } from './sdist-maker.ts';

/** What real sdists do, or nearly what attacks do: each has to be accepted. */
export function cleanSdists(to: SdistTarget = {}): ArchiveCase[] {
  return gathered(to, (make, add) => {
    const { top, name, version } = make;
    add('plain: an ordinary sdist', [], make.tgz());
    add('gzip-name: a file name in the gzip header', [], gzip(make.tar(), { name: `${top}.tar` }));
    add('upper-case-ending: the end of the name in upper case', [], make.tgz(), `${top}.TAR.GZ`);
    add('tgz: a name that ends in .tgz', [], make.tgz(), `${top}.tgz`);
    add('no-name: a file without a name that says something', [], make.tgz(), 'download');
    add('forge: a name as forges give', [], make.tgz(), 'v2.tar.gz');
    add(
      'old-spelling: a folder as before PEP 625',
      [],
      make.tgz({ top: old(name, version) }),
      `${old(name, version)}.tar.gz`,
    );
    add(
      'crlf: carriage returns in PKG-INFO',
      [],
      make.tgz({ pkgInfo: pkgInfo(name, version).replaceAll('\n', '\r\n') }),
    );
    add(
      'unparted-description: a description that nothing sets apart',
      [],
      make.tgz({ pkgInfo: `Name: ${name}\nVersion: ${version}\nDescription: a\nb c\n` }),
    );
    add(
      'set-group-id: set-group-id on a folder',
      [],
      make.with(
        header({ name: `${top}/tests/`, typeflag: '5', mode: 0o2755 }),
        make.file('tests/a.py'),
      ),
    );
    add(
      'symlink-inside: a link to a file of the sdist',
      [],
      make.with(make.file('README.md'), make.link('README', 'README.md')),
    );
    add(
      'symlink-up: a link up, and down to a file',
      [],
      make.with(
        make.file('images/a.png'),
        make.link('docs/source/images/a.png', '../../../images/a.png'),
      ),
    );
    add(
      'hardlink-inside: a hard link to an earlier file',
      [],
      make.with(make.file('cork/a.py'), make.hardlink('examples/a.py', `${top}/cork/a.py`)),
    );
    add(
      'folders: entries for folders',
      [],
      make.tgz({ before: [header({ name: `${top}/`, typeflag: '5', mode: 0o755 })] }),
    );
    add(
      'pax-mtime: times with fractions',
      [],
      make.with(pax({ mtime: '1700000000.5' }), make.file('a.py')),
    );
    add(
      'nested-zip: a zip among the files',
      [],
      make.with(make.file('tests/data.zip', make.zip())),
    );
    add(
      'zip: an sdist that is a zip',
      [],
      sdistZip({ name, version, files: make.files }),
      `${top}.zip`,
    );
    add(
      'type-bits: modes with the type of the file',
      [],
      make.tgz({ defaults: { mode: 0o100644 } }),
    );
  });
}

function old(name: string, version: string): string {
  return `${name.replaceAll('-', '_').toUpperCase()}-${version}`;
}
