import { createHash } from 'node:crypto';
import {
  describeRule,
  error,
  note,
  warning,
  ofWheel,
  rows,
  wheelInfo,
  wheelWith,
  type Sample,
} from '../../support/rule-table.ts';
import type { ZipEntry } from '../../support/zip.ts';

const DATA = 'fixture-1.0.0.data';
const INFO = 'fixture-1.0.0.dist-info';
const MODULE = 'fixture/__init__.py';

/** A wheel with a file of this path. */
const holding = (...paths: string[]): Sample =>
  wheelWith(Object.fromEntries(paths.map((path) => [path, 'x'])));
const recorded = (record: (lines: string[]) => string[]): Sample => ofWheel({ record });
const withEntry = (entry: ZipEntry): Sample => ofWheel({ entries: [{ ...entry, unlisted: true }] });
const metadata = (METADATA: string): Sample => wheelInfo({ METADATA });
const description = (WHEEL: string): Sample => wheelInfo({ WHEEL });
const PURE = 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\n';

describeRule('wheel-file-name', error(), {
  reports: { 'a name without tags': ofWheel({}, 'fixture-1.0.0.whl') },
  silent: {
    'a name with a build tag and several tags': ofWheel({}, 'fixture-1.0.0-1-py2.py3-none-any.whl'),
  },
});

describeRule('wheel-identity-mismatch', error(), {
  reports: { 'another name in METADATA': [metadata('Name: other\nVersion: 1.0.0\n'), {}, {}] },
  silent: {
    'other spellings of name and version': ofWheel({
      distInfo: 'FIXTURE-1.dist-info',
      info: { METADATA: 'Name: Fixture\nVersion: 1.0\n' },
    }),
  },
});

const LETTERS = (count: number): string =>
  Array.from({ length: count }, (_, at) => `b${at}`).join('.');

describeRule('wheel-tag-mismatch', note(), {
  reports: {
    'another tag': ofWheel({}, 'fixture-1.0.0-cp312-none-any.whl'),
    'a tag that is too long, without multiplying it out': [
      description(`${PURE}Tag: ${'a'.repeat(1_000_000)}-${LETTERS(100)}-${LETTERS(100)}\n`),
      { says: 'more than 256 characters' },
    ],
    'many tags in a message of bounded length': [
      description(
        PURE +
          Array.from(
            { length: 200 },
            (_, at) => `Tag: x${at}-${LETTERS(15)}-${LETTERS(15)}\n`,
          ).join(''),
      ),
      { says: /^.{1,999}$/s },
    ],
  },
  silent: {
    'several tags in one': ofWheel(
      { info: { WHEEL: `${PURE}Tag: py2.py3-none-any\n` } },
      'fixture-1.0.0-py2.py3-none-any.whl',
    ),
  },
});

describeRule('wheel-dist-info', error(), {
  reports: { 'a second folder': [holding('other-1.0.dist-info/METADATA'), {}, {}] },
  silent: { 'one deeper in the wheel': holding('fixture/_vendor/six-1.16.0.dist-info/METADATA') },
});

describeRule('wheel-format-version', error(), {
  reports: {
    'a version of the future': description('Wheel-Version: 2.0\nRoot-Is-Purelib: true\n'),
    'a form feed, at which some readers end a line': description(
      'Wheel-Version: 1.0\nGenerator: x\fRoot-Is-Purelib: false\nRoot-Is-Purelib: true\n',
    ),
  },
  silent: {
    'a later minor version': description(
      'Wheel-Version: 1.9\nRoot-Is-Purelib: false\nTag: py3-none-any\n',
    ),
  },
});

describeRule('wheel-metadata', error(), {
  reports: {
    'a second name': metadata('Name: fixture\nName: x\nVersion: 1.0.0\n'),
    ...rows(
      ['\f', '\u001c', '\u0085', '\u2028'],
      (separator) =>
        metadata(`Name: fixture\nSummary: a${separator}Version: 2.0\nVersion: 1.0.0\n`),
      'a version behind an end of line that only Python sees: %s',
    ),
  },
  silent: {
    'folded lines and a description': metadata(
      'Name: fixture\nVersion: 1.0.0\nSummary: a\n  b\n\nName: x\n',
    ),
    'a form feed in a field': metadata('Name: fixture\nVersion: 1.0.0\nSummary: a\fb\n'),
  },
});

const points = (text: string): Sample => wheelInfo({ 'entry_points.txt': text });

describeRule('wheel-entry-point', error(), {
  reports: rows(
    {
      'a name that leads elsewhere': '[console_scripts]\n../x = fixture:main\n',
      'a name with white space, of which pip takes a part':
        '[console_scripts]\na b = fixture:main\n',
      'white space in the brackets': '[ console_scripts ]\nx = fixture:main\n',
      'a tab in the brackets': '[console_scripts\t]\nx = fixture:main\n',
      'two brackets': '[[console_scripts]]\nx = fixture:main\n',
      'a bracket too much': '[console_scripts]]\nx = fixture:main\n',
      'a form feed': '# c\f[console_scripts]\fx = fixture:main\n',
      'a unit separator': '[other]\nx = y\n\u001f[console_scripts]\nx = fixture:main\n',
      'a file separator': '[other]\nx = y\u001c[console_scripts]\u001cx = fixture:main\n',
      'a next line': '[other]\nx = y\u0085[gui_scripts]\u0085x = fixture:main\n',
      'a line separator': '[console_scripts]\n# c\u2028x = fixture:main\n',
      'a byte order mark': '\ufeff[console_scripts]\nx = fixture:main\n',
      'a semicolon, which begins no comment': '[console_scripts]\n;/../x = fixture:main\n',
    },
    points,
  ),
  silent: {
    'other groups, extras and versions in names': points(
      '# of a tool; with comments\n\n  [console_scripts]\r\n\tx3.11 = fixture.cli:App.main [extra]\n\n[ other ]\na/b = fixture\n',
    ),
  },
});

describeRule('wheel-path-file', note(), {
  reports: {
    ...rows(['./fixture.pth', `${DATA}/purelib/./fixture.pth`], (path) => [
      wheelWith({ [path]: 'import os\n' }),
      { status: 'reject' },
    ]),
    ...rows(
      [
        'fixture.pth',
        `${DATA}/purelib/fixture.pth`,
        `${DATA}/data/lib/python3.12/site-packages/fixture.pth`,
        'sitecustomize.py',
        'usercustomize.cpython-312-x86_64-linux-gnu.so',
        'sitecustomize/__init__.py',
      ],
      (path) => wheelWith({ [path]: 'import os\n' }),
    ),
  },
  silent: {
    'one in a folder': wheelWith({
      'fixture/x.pth': 'import os\n',
      'fixture/sitecustomize.py': 'x = 1\n',
    }),
  },
});

describeRule('wheel-data-scheme', error(), {
  reports: rows(
    [
      'other-1.0.data/scripts/x',
      `${DATA}/./scripts/x`,
      `${DATA}/purelib/./x`,
      `${DATA}/purelib//x`,
    ],
    (path) => holding(path),
    '%s, which no installer, or each in another place, installs',
  ),
  silent: {
    'each known scheme of its own': holding(
      ...['purelib', 'platlib', 'headers', 'scripts', 'data'].map(
        (scheme) => `${DATA}/${scheme}/${scheme}/x`,
      ),
    ),
  },
});

const commands = (text: string, files: Record<string, string> = {}): Sample =>
  ofWheel({ files, info: { 'entry_points.txt': text } });
const RUN = '[console_scripts]\nrun = fixture:main\n';

describeRule('wheel-data-clash', error(), {
  reports: {
    ...rows(
      [
        [`${DATA}/purelib/fixture/__init__.py`],
        [`${DATA}/purelib/./fixture/__init__.py`],
        [`${DATA}/platlib/FIXTURE//__init__.py`],
        [`${DATA}/data/lib/python3.12/site-packages/fixture/__init__.py`],
        [`${DATA}/data/Lib/site-packages/fixture/__init__.py`],
        [`${DATA}/scripts/run`, `${DATA}/data/bin/run`],
        [`${DATA}/scripts/run`, `${DATA}/data/Scripts/RUN`],
      ],
      (paths) => holding(...paths),
      '%s, which another file is installed to',
    ),
    ...rows(
      ['scripts/run', 'scripts/./run', 'data/bin/run'],
      (path) => commands(RUN, { [`${DATA}/${path}`]: '#!python\n' }),
      'a command and a script with one name at %s',
    ),
    ...rows(
      ['run = fixture:other\n', 'RUN = fixture:other\n', '[gui_scripts]\nrun = fixture:other\n'],
      (other) => commands(RUN + other),
      'two commands with one name: %s',
    ),
  },
  silent: {
    'a command that is there twice and runs the same, and about scripts of other names': commands(
      `${RUN}run = fixture:main\n[gui_scripts]\nrun = fixture:main\n`,
      { [`${DATA}/scripts/run.sh`]: '#!/bin/sh\n' },
    ),
    'one name in two folders': holding(`${DATA}/scripts/x`, `${DATA}/data/x`, 'x'),
  },
});

describeRule('wheel-planted-distribution', error(), {
  reports: rows(
    [
      'other-0.1.egg-info/PKG-INFO',
      `${DATA}/purelib/./victim-99.0.dist-info/RECORD`,
      `${DATA}/./purelib/victim-99.0.dist-info/RECORD`,
      `${DATA}/purelib//victim-99.0.dist-info/RECORD`,
      `${DATA}/purelib/a/../victim-99.0.dist-info/RECORD`,
      String.raw`fixture-1.0.0.data/purelib\victim-99.0.dist-info\RECORD`,
      `${DATA}/data/lib/python3.11/site-packages/victim-99.0.dist-info/RECORD`,
      `${DATA}/data/lib/python3.11/./site-packages/victim-99.0.dist-info/RECORD`,
      './victim-99.0.egg-info/PKG-INFO',
      'victim.egg-info/./PKG-INFO',
      'other-0.1.egg-info/installed-files.txt',
      'other-0.1.EGG-INFO/PKG-INFO',
      'other-0.1.egg-info',
      'other.egg-link',
      'other-0.1.egg/other-0.1.egg-info/installed-files.txt',
      `${DATA}/purelib/other-0.1.dist-info/RECORD`,
      `${DATA}/platlib/other-0.1.Dist-Info/RECORD`,
      `${DATA}/purelib/fixture-1.0.0.dist-info/RECORD`,
      `${DATA}/data/lib/python3.13/site-packages/other-0.1.dist-info/RECORD`,
      `${DATA}/data/Lib/site-packages/other.egg-link`,
    ],
    (path) => [holding(path), { entry: path }],
  ),
  silent: {
    'those of vendored packages, and about names that only look alike': holding(
      'fixture/_vendor/six-1.16.0.dist-info/METADATA',
      'fixture/tests/data/x.egg-info/PKG-INFO',
      'fixture_egg_info.py',
      `${DATA}/purelib/fixture/other.egg-info/PKG-INFO`,
      `${DATA}/data/share/fixture/egg-info`,
    ),
  },
});

const ORIGIN = '{"url": "https://example.com/other.tar.gz", "archive_info": {}}';

describeRule('wheel-installer-file', error(), {
  reports: {
    ...rows(
      [`${INFO}/direct_url.json`, `${INFO}/Direct_URL.json`, `${INFO}/./direct_url.json`],
      (path) => wheelWith({ [path]: ORIGIN }),
    ),
    'it also where RECORD does not list it': withEntry({
      name: `${INFO}/direct_url.json`,
      body: ORIGIN,
    }),
  },
  silent: {
    'other files of installers, and about its name elsewhere': wheelWith({
      [`${INFO}/INSTALLER`]: ORIGIN,
      [`${INFO}/REQUESTED`]: ORIGIN,
      [`${INFO}/licenses/direct_url.json`]: ORIGIN,
      'fixture/direct_url.json': ORIGIN,
    }),
  },
});

describeRule('wheel-record', error(), {
  reports: {
    'a file that is listed twice': recorded((lines) => [lines[0]!, ...lines]),
    ...rows(
      {
        'a form feed': 'x\f/nonexistent/victim,,',
        'a next line': 'x\u0085/nonexistent/victim,,',
        'a line separator': 'x\u2028/nonexistent/victim,,',
        'an end of line in quotes': '"..\n/..\n/victim",,',
        'a carriage return in quotes': '"..\r/victim",,',
      },
      (line) => recorded((lines) => [...lines, line]),
    ),
  },
  silent: {
    'quoted paths and lines that end in CR LF': ofWheel({
      files: { 'a,b.txt': 'x' },
      record: (lines) => lines.map((line) => `${line}\r`),
    }),
  },
});

const hashOf = (algorithm: string, body: string): string =>
  `${algorithm}=${createHash(algorithm).update(body).digest('base64url')}`;
/** A wheel whose RECORD has this hash of its module. */
const withHash = (hash: string): Sample =>
  ofWheel({
    files: { 'fixture/other.py': 'y = 2\n' },
    record: (lines) =>
      lines.map((line) => (line.startsWith(MODULE) ? `${MODULE},${hash},6` : line)),
  });
const ALGORITHMS = ['sha256', 'sha384', 'sha512'];

describeRule('wheel-record-mismatch', error(), {
  reports: {
    'another size': recorded((lines) => lines.map((line) => line.replace(/,6$/, ',7'))),
    ...rows(
      ALGORITHMS,
      (algorithm) => [
        withHash(hashOf(algorithm, 'x = 2\n')),
        { entry: MODULE, says: hashOf(algorithm, 'x = 1\n') },
      ],
      'the hash of other bytes by %s, and shows that of the file',
    ),
    ...rows(ALGORITHMS, (algorithm) => withHash(`${algorithm}=x`), 'what is not a hash by %s'),
    ...rows(
      ['md5=1B2M2Y8AsgTpgAmy7PhCfg', 'sha1=2jmj7l5rSw0yVb_vlWAYkK_YBwk'],
      (hash) => [
        recorded((lines) => lines.map((line) => line.replace(/sha256=.*,6$/, `${hash},6`))),
        { says: hash },
      ],
      '%s, which is too weak',
    ),
  },
  silent: rows(ALGORITHMS, (algorithm) => withHash(hashOf(algorithm, 'x = 1\n'))),
});

describeRule('wheel-record-absent', warning(), {
  reports: {
    'a file that is gone': recorded((lines) => ['fixture/gone.py,,', ...lines]),
  },
  silent: { 'a quoted path': holding('fixture/a "b".txt') },
});

describeRule('wheel-record-unlisted', warning(), {
  reports: { 'a file that was added': withEntry({ name: 'fixture/new.py' }) },
  silent: { 'a signature of RECORD': withEntry({ name: `${INFO}/RECORD.p7s`, body: 'x' }) },
});

describeRule('wheel-record-escapes', error(), {
  reports: {
    'a file of another package': recorded((lines) => ['../other/module.py,,', ...lines]),
  },
  silent: { 'a name with two dots': holding('fixture/a..b') },
});

const listing = (...paths: string[]): Sample =>
  ofWheel({
    files: { 'compiled.pyc': 'x' },
    record: (lines) => [...paths.map((path) => `${path},,`), ...lines],
  });

describeRule('wheel-record-foreign', error(), {
  reports: {
    ...rows(
      [
        'victim/__init__.py',
        './victim/__init__.py',
        'victim//__init__.py',
        'victim.py',
        'victim-99.0.dist-info/RECORD',
        'other.pyc',
      ],
      (path) => listing(path),
      '%s, which the wheel does not hold',
    ),
    'each file, once': [listing('victim/a.py', 'victim/b.py'), {}, {}],
  },
  silent: {
    'what was taken out of the wheel itself, and about modules that were compiled': listing(
      'fixture/gone.py',
      'compiled.py',
      `${INFO}/RECORD.jws`,
    ),
    'every file of an ordinary wheel': holding('top.py', `${DATA}/scripts/run`),
  },
});
