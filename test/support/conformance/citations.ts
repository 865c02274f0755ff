/**
 * The classes of the conformance suite, and the specification that each archive is about. A class is a family of rules. It has one
 * citation, and `RULE_CITATIONS` replaces it where a rule is about another part of the specification.
 */
import { ruleFamilies } from '../../../packages/core/src/catalogue/index.ts';
import { codeOf } from '../../../packages/core/src/rules/table-rows.ts';

export interface Citation {
  readonly specification: string;
  readonly section: string;
  readonly url: string;
}

/**
 * Who has to refuse the archives of a class. `container`: every program that reads the container. `package`: programs that know the
 * package format. `limit`: programs that bound the work for one archive.
 */
export type Scope = 'container' | 'package' | 'limit';

export interface SuiteClass {
  readonly id: string;
  readonly scope: Scope;
  readonly citation: Citation;
}

type Cite = (section: string) => Citation;

const document =
  (specification: string, url: string): Cite =>
  (section) => ({ specification, section, url });

const pax = document(
  'POSIX.1-2024, pax',
  'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html',
);
const paths = document(
  'POSIX.1-2024, Base Definitions',
  'https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap04.html',
);
const gnuTar = document(
  'GNU tar manual',
  'https://www.gnu.org/software/tar/manual/html_node/Tar-Internals.html',
);
const gzip = document('RFC 1952 (gzip)', 'https://www.rfc-editor.org/rfc/rfc1952');
const deflate = document('RFC 1951 (deflate)', 'https://www.rfc-editor.org/rfc/rfc1951');
const zip = document(
  'APPNOTE.TXT 6.3 (.ZIP)',
  'https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT',
);
const weakness = (number: number, title: string): Citation => ({
  specification: `CWE-${number}`,
  section: title,
  url: `https://cwe.mitre.org/data/definitions/${number}.html`,
});
const windows = document(
  'Windows, Naming Files, Paths, and Namespaces',
  'https://learn.microsoft.com/windows/win32/fileio/naming-a-file',
);
const npmManifest = document(
  'npm, package.json',
  'https://docs.npmjs.com/cli/configuring-npm/package-json',
);
const npmInstall = document('npm, npm install', 'https://docs.npmjs.com/cli/commands/npm-install');
const json = document('RFC 8259 (JSON)', 'https://www.rfc-editor.org/rfc/rfc8259');
const packaging = (name: string, title: string): Cite =>
  document(title, `https://packaging.python.org/en/latest/specifications/${name}/`);
const wheel = packaging('binary-distribution-format', 'Binary distribution format (PEP 427)');
const record = packaging('recording-installed-packages', 'Recording installed projects (PEP 376)');
const metadata = packaging('core-metadata', 'Core metadata');
const entryPoints = packaging('entry-points', 'Entry points');
const sdist = packaging('source-distribution-format', 'Source distribution format (PEP 517, 625)');
const filter = document('PEP 706 (tarfile filters)', 'https://peps.python.org/pep-0706/');
const gemspec = document(
  'RubyGems, Specification Reference',
  'https://guides.rubygems.org/specification-reference/',
);
const gemPackage = document(
  'RubyGems, Gem::Package',
  'https://docs.ruby-lang.org/en/3.4/Gem/Package.html',
);
const goZip = document(
  'golang.org/x/mod/zip',
  'https://pkg.go.dev/golang.org/x/mod/zip#hdr-Module_zip_files',
);
const unicode = document('Unicode Standard Annex 15', 'https://www.unicode.org/reports/tr15/');
const git = document('git, gitrepository-layout', 'https://git-scm.com/docs/gitrepository-layout');

/** By the title of the family in the catalogue of rules. */
const CLASSES: Readonly<Record<string, SuiteClass>> = {
  'The file and its compression': {
    id: 'compression',
    scope: 'container',
    citation: gzip('2.2 File format'),
  },
  'Headers of the tar': {
    id: 'tar-headers',
    scope: 'container',
    citation: pax('ustar Interchange Format'),
  },
  'Extended headers': {
    id: 'extended-headers',
    scope: 'container',
    citation: pax('pax Extended Header'),
  },
  Limits: {
    id: 'limits',
    scope: 'limit',
    citation: weakness(409, 'Improper Handling of Highly Compressed Data'),
  },
  'Types of entries': {
    id: 'types',
    scope: 'container',
    citation: pax('ustar Interchange Format, typeflag'),
  },
  Paths: {
    id: 'paths',
    scope: 'container',
    citation: weakness(22, 'Improper Limitation of a Pathname to a Restricted Directory'),
  },
  'Names in paths': { id: 'names', scope: 'container', citation: paths('Pathname Resolution') },
  Modes: { id: 'modes', scope: 'container', citation: pax('ustar Interchange Format, mode') },
  'Modes of files that npm, pnpm and Yarn run': {
    id: 'npm-modes',
    scope: 'package',
    citation: pax('ustar Interchange Format, mode'),
  },
  'What git believes': { id: 'git', scope: 'package', citation: git('DESCRIPTION') },
  Links: { id: 'links', scope: 'container', citation: filter('Filters, data') },
  "Entries in each other's way": {
    id: 'clashes',
    scope: 'container',
    citation: weakness(694, 'Use of Multiple Resources with Duplicate Identifier'),
  },
  'The first folder': {
    id: 'first-folder',
    scope: 'package',
    citation: npmInstall('Description, a gzipped tarball that contains a folder'),
  },
  'Packages for npm, pnpm and Yarn': {
    id: 'npm-package',
    scope: 'package',
    citation: npmManifest('name, version, bin, man, directories'),
  },
  Zips: { id: 'zip', scope: 'container', citation: zip('4.3 General Format of a .ZIP file') },
  'Wheels of Python': { id: 'wheel', scope: 'package', citation: wheel('File format') },
  'The file of a Python sdist': {
    id: 'sdist-file',
    scope: 'package',
    citation: sdist('Source distribution archive features'),
  },
  'Python sdists': {
    id: 'sdist',
    scope: 'package',
    citation: sdist('Source distribution file format'),
  },
  'Gems: the archive': { id: 'gem-archive', scope: 'package', citation: gemPackage('the file') },
  'Gems: the gemspec': {
    id: 'gemspec',
    scope: 'package',
    citation: gemspec('Required and optional gemspec attributes'),
  },
  'Module zips of Go': { id: 'go-module', scope: 'package', citation: goZip('Module zip files') },
};

const RULE_CITATIONS: Readonly<Record<string, Citation>> = {
  'gzip-checksum': gzip('2.3.1 Member header and trailer, CRC32'),
  'gzip-length': gzip('2.3.1 Member header and trailer, ISIZE'),
  'gzip-header': gzip('2.3.1 Member header and trailer, ID1, ID2, CM, FLG'),
  'gzip-optional-header': gzip('2.3.1 Member header and trailer, FLG'),
  'gzip-corrupt': deflate('3.2 Compressed block format'),
  'gnu-long-name': gnuTar('Basic Tar Format, long names'),
  'base256-number': gnuTar('Basic Tar Format, numbers in base 256'),
  'foreign-magic': gzip('2.3.1 Member header and trailer, ID1 and ID2'),
  'entries-after-end': pax('ustar Interchange Format, two blocks of zeros'),
  'missing-end-marker': pax('ustar Interchange Format, two blocks of zeros'),
  'nonzero-tail': pax('ustar Interchange Format, two blocks of zeros'),
  'long-zero-tail': pax('ustar Interchange Format, two blocks of zeros'),
  'tar-checksum': pax('ustar Interchange Format, chksum'),
  'tar-signed-checksum': pax('ustar Interchange Format, chksum'),
  'tar-magic': pax('ustar Interchange Format, magic'),
  'tar-blank-magic': pax('ustar Interchange Format, magic'),
  'tar-prefix': pax('ustar Interchange Format, prefix'),
  'invalid-size': pax('ustar Interchange Format, size'),
  'link-target-on-file': pax('ustar Interchange Format, linkname'),
  'extended-header-orphan': pax('pax Header Block'),
  'pax-size-mismatch': pax('pax Extended Header, size'),
  'pax-path-mismatch': pax('pax Extended Header, path'),
  'pax-linkpath-mismatch': pax('pax Extended Header, linkpath'),
  'pax-charset': pax('pax Extended Header, hdrcharset'),
  'pax-repeated-key': pax('pax Extended Header Keyword Precedence'),
  'pax-global-override': pax('pax Extended Header Keyword Precedence'),
  'pax-sparse': gnuTar('Storing Sparse Files'),
  'sparse-file': gnuTar('Storing Sparse Files'),
  'path-length-limit': paths('Pathname Resolution, PATH_MAX'),
  'component-length-limit': paths('Pathname Resolution, NAME_MAX'),
  'backslash-path': windows('Naming Conventions, path separators'),
  'drive-path': windows('Fully Qualified vs. Relative Paths'),
  'unc-path': windows('Fully Qualified vs. Relative Paths'),
  'alternate-data-stream': windows('Naming Conventions, reserved characters'),
  'windows-character': windows('Naming Conventions, reserved characters'),
  'windows-reserved-name': windows('Naming Conventions, reserved names'),
  'trailing-dot-or-space': windows('Naming Conventions, trailing space or period'),
  'short-name-collision': windows('Short vs. Long Names'),
  'case-collision': windows('Naming Conventions, case'),
  'unicode-collision': unicode('Normalization Forms'),
  'manifest-duplicate-key': json('4. Objects'),
  'manifest-invalid': json('2. JSON Grammar'),
  'link-in-zip': zip('4.4.15 external file attributes'),
  'zip-checksum': zip('4.4.7 CRC-32'),
  'zip-corrupt': zip('4.4.9 uncompressed size'),
  'zip-end-record': zip('4.3.16 End of central directory record'),
  'zip-trailing-bytes': zip('4.3.16 End of central directory record'),
  'zip-gap': zip('4.3.6 Overall .ZIP file format'),
  'zip-overlap': zip('4.4.16 relative offset of local header'),
  'zip-header-mismatch': zip('4.3.7 Local file header, 4.3.12 Central directory structure'),
  'zip-extra-field': zip('4.6.9 Info-ZIP Unicode Path Extra Field'),
  'zip-unsupported': zip('4.4.4 general purpose bit flag, 4.4.5 compression method'),
  'wheel-record': record('The RECORD file'),
  'wheel-record-escapes': record('The RECORD file'),
  'wheel-record-foreign': record('The RECORD file'),
  'wheel-record-mismatch': record('The RECORD file'),
  'wheel-installer-file': record('The direct_url.json and INSTALLER files'),
  'wheel-planted-distribution': record('The .dist-info directory'),
  'wheel-entry-point': entryPoints('File format'),
  'wheel-metadata': metadata('The METADATA file'),
  'wheel-identity-mismatch': metadata('Name and Version'),
  'wheel-file-name': wheel('File name convention'),
  'wheel-data-scheme': wheel('The .data directory'),
  'wheel-data-clash': wheel('The .data directory'),
  'wheel-dist-info': wheel('The .dist-info directory'),
  'wheel-format-version': wheel('Wheel-Version'),
  'pkg-info-invalid': metadata('The PKG-INFO file'),
  'pkg-info-name-mismatch': metadata('Name'),
  'pkg-info-version-mismatch': metadata('Version'),
  'sdist-file-name-mismatch': sdist('Source distribution file name'),
  'hardlink-target': filter('Filters, data'),
  'pax-size-repeated': pax('pax Extended Header, size'),
};

const classByRule = new Map<string, SuiteClass>(
  ruleFamilies.flatMap(([title, family]) => {
    const suiteClass = CLASSES[title];
    return suiteClass === undefined ? [] : family.map((row) => [codeOf(row), suiteClass] as const);
  }),
);

/** The class of near misses. They are ordinary packages, so every program has to accept them. */
export const ORDINARY = 'ordinary';

/** @throws RangeError for a rule of a family that has no class here. */
export function classOf(rule: string): SuiteClass {
  const found = classByRule.get(rule);
  if (found === undefined) throw new RangeError(`no class for the rule ${rule}`);
  return found;
}

/** Zips have no headers of tar. Their classes have these citations, unless the rule has its own. */
const ZIP_CITATIONS: Readonly<Record<string, Citation>> = {
  types: zip('4.4.15 external file attributes'),
  modes: zip('4.4.15 external file attributes'),
  paths: zip('4.4.17 file name'),
  names: zip('4.4.17 file name'),
};

const SDIST_CITATIONS: Readonly<Record<string, Citation>> = {
  'first-folder': sdist('Source distribution archive features, the top-level directory'),
};

/** The specification that an archive is about, by the rule that it is built for. */
export function citationOf(
  rule: string,
  { format, isZip }: { readonly format: string; readonly isZip: boolean },
): Citation {
  const { id, citation } = classOf(rule);
  return (
    RULE_CITATIONS[rule] ??
    (isZip ? ZIP_CITATIONS[id] : undefined) ??
    (format === 'sdist' ? SDIST_CITATIONS[id] : undefined) ??
    citation
  );
}

/** The container of each format, for near misses. */
export const CONTAINER_CITATIONS: Readonly<Record<string, Citation>> = {
  npm: pax('ustar Interchange Format'),
  'yarn-zip': zip('4.3 General Format of a .ZIP file'),
  wheel: wheel('File format'),
  sdist: sdist('Source distribution file format'),
  gem: gemPackage('the file'),
  gomod: goZip('Module zip files'),
};
