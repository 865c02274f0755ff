/**
 * Wheels that some installer unpacks to other files than another, or outside its folders, each with the twin in which the one
 * odd thing is as it should be, and oddities that real wheels have. As data: bytes, and the name of the file.
 */
import { crc32 } from 'node:zlib';
import type { Code, RuleId } from '@tarwarden/core';
import { rulesWith } from './codes.ts';
import { recordLine, UNIX, wheel, wheelFileName, type WheelOptions } from '../wheel.ts';
import { zip, zipSymlink } from '../zip.ts';

export interface WheelAttack {
  /** Unique, kebab-case. */
  name: string;
  fileName: string;
  bytes: Buffer;
  /** Each of these is among the findings, at level error. */
  codes: readonly Code[];
  /** The rules of these codes. */
  rules: readonly RuleId[];
  /** The same without what is hostile in it. */
  twin: Buffer;
}

export interface WheelOddity {
  name: string;
  fileName: string;
  bytes: Buffer;
}

const PLAIN = wheelFileName();
const INFO = 'fixture-1.0.0.dist-info';
export const DATA = 'fixture-1.0.0.data';
const METADATA = 'Metadata-Version: 2.1\nName: fixture\nVersion: 1.0.0\n';
const END = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);

export function attack(
  name: string,
  codes: Code | readonly Code[],
  hostile: WheelOptions,
  twin: WheelOptions = {},
): WheelAttack {
  return {
    name,
    fileName: PLAIN,
    bytes: wheel(hostile),
    codes: [codes].flat(),
    rules: rulesWith(codes),
    twin: wheel(twin),
  };
}

/** A file of the wheel, hostile by its path; the twin has it in the module. */
export function path(name: string, code: Code, where: string): WheelAttack {
  return attack(
    name,
    code,
    { entries: [{ name: where, body: 'planted' }] },
    { entries: [{ name: 'fixture/planted', body: 'planted' }] },
  );
}

export const wheelAttacks: readonly WheelAttack[] = [
  // ../site-packages-planted/f: pip up to 25.1 compares by the beginning of the text
  path('wheel-sibling-folder', 'path-traversal', '../site-packages-planted/f'),
  // ../../planted
  path('wheel-traversal', 'path-traversal', '../../planted'),
  // /nonexistent/planted
  path('wheel-absolute', 'absolute-path', '/nonexistent/planted'),
  // fixture\..\..\planted
  path('wheel-backslash', 'backslash-path', 'fixture\\..\\..\\planted'),
  // C:/planted
  path('wheel-drive', 'drive-path', 'C:/planted'),
  // fixture/x<NUL>.py
  path('wheel-nul', 'nul-in-path', 'fixture/x.py\0.txt'),
  // <data>/scripts/../../planted
  path('wheel-data-traversal', 'path-traversal', `${DATA}/scripts/../../planted`),
  // other-1.0.data/scripts/planted
  attack(
    'wheel-foreign-data',
    'wheel-data-scheme',
    { entries: [{ name: 'other-1.0.data/scripts/planted', body: '#!python\n' }] },
    { entries: [{ name: `${DATA}/scripts/planted`, body: '#!python\n' }] },
  ),
  // <data>/stdlib/planted.py
  attack(
    'wheel-unknown-scheme',
    'wheel-data-scheme',
    { entries: [{ name: `${DATA}/stdlib/planted.py` }] },
    { entries: [{ name: `${DATA}/platlib/planted.py` }] },
  ),
  // fixture/__init__.py, and <data>/purelib/fixture/__init__.py
  attack(
    'wheel-data-over-module',
    'wheel-data-clash',
    { entries: [{ name: `${DATA}/purelib/fixture/__init__.py`, body: 'evil' }] },
    { entries: [{ name: `${DATA}/purelib/fixture/other.py`, body: 'good' }] },
  ),
  // link -> /etc/passwd by attributes: pip writes a file with the target, others a link
  attack(
    'wheel-symlink',
    'symlink',
    { entries: [zipSymlink('fixture/link', '/etc/passwd')] },
    { entries: [{ name: 'fixture/link', body: '/etc/passwd', method: 0 }] },
  ),
  // fixture/d -> /tmp, fixture/d/planted
  attack('wheel-write-through-link', ['symlink', 'write-through-link'], {
    entries: [zipSymlink('fixture/d', '/tmp'), { name: 'fixture/d/planted', body: 'x' }],
  }),
  // a device by attributes
  attack('wheel-device', 'character-device', {
    entries: [{ name: 'fixture/tty', mode: UNIX.characterDevice | 0o644 }],
  }),
  // setuid
  attack(
    'wheel-setuid',
    'special-mode-bits',
    { entries: [{ name: `${DATA}/scripts/run`, body: 'x', mode: UNIX.file | 0o4755 }] },
    { entries: [{ name: `${DATA}/scripts/run`, body: 'x', mode: UNIX.file | 0o755 }] },
  ),
  // fixture/__init__.py, twice
  attack('wheel-duplicate', 'duplicate-path', {
    entries: [{ name: 'fixture/__init__.py', body: 'evil', unlisted: true }],
  }),
  // fixture/__INIT__.py
  attack('wheel-case-collision', 'case-collision', {
    entries: [{ name: 'fixture/__INIT__.py', body: 'evil' }],
  }),
  // central: fixture/safe.py; before the data: fixture/evil.py
  attack(
    'wheel-two-names',
    'zip-header-mismatch',
    { entries: [{ name: 'fixture/safe.py', body: 'x', local: { name: 'fixture/evil.py' } }] },
    { entries: [{ name: 'fixture/safe.py', body: 'x' }] },
  ),
  // before the data only
  attack('wheel-hidden-entry', 'zip-gap', {
    entries: [{ name: 'fixture/hidden.py', body: 'x', omit: 'central' }],
  }),
  // #!/bin/sh before the zip
  attack('wheel-prefix', 'zip-gap', { zip: { prefix: Buffer.from('#!/bin/sh\n') } }),
  // a second zip behind the first
  attack('wheel-second-zip', 'zip-end-record', {
    zip: { trailing: zip([{ name: 'evil.py', body: 'x' }]) },
  }),
  // bytes behind the zip
  attack('wheel-trailing', 'zip-trailing-bytes', { zip: { trailing: Buffer.from('tail') } }),
  // an end record in the comment
  attack('wheel-end-in-comment', 'zip-end-record', { zip: { comment: END } }, { zip: {} }),
  // a Unicode path that is another name
  attack('wheel-unicode-path', 'zip-extra-field', {
    entries: [{ name: 'fixture/a.py', body: 'x', extra: unicodePath('fixture/a.py', 'evil.py') }],
  }),
  // a descriptor that says something else
  attack('wheel-descriptor', 'zip-header-mismatch', {
    entries: [
      { name: 'fixture/a.py', body: 'x', method: 8, descriptor: true, central: { crc: 1 } },
    ],
  }),
  // ../other/module.py in RECORD: uninstalling would delete it
  attack('wheel-record-elsewhere', 'wheel-record-escapes', {
    record: (lines) => [recordLine('../other/module.py', 'x'), ...lines],
  }),
  // another hash in RECORD
  attack('wheel-other-hash', 'wheel-record-mismatch', {
    record: ([, ...lines]) => [recordLine('fixture/__init__.py', 'x = 2\n'), ...lines],
  }),
  // no RECORD
  attack('wheel-no-record', 'wheel-record', { info: { RECORD: undefined } }),
  // two .dist-info folders
  attack('wheel-two-dist-infos', 'wheel-dist-info', {
    files: { 'other-1.0.dist-info/METADATA': 'Name: other\nVersion: 1.0\n' },
  }),
  // FIXTURE-1.0.0.DIST-INFO/entry_points.txt
  attack('wheel-dist-info-case', 'wheel-dist-info', {
    files: { [`${INFO.toUpperCase()}/entry_points.txt`]: '[console_scripts]\nls = os:abort\n' },
  }),
  // another name in METADATA
  attack('wheel-other-name', 'wheel-identity-mismatch', {
    info: { METADATA: METADATA.replace('fixture', 'other') },
  }),
  // another version in METADATA
  attack('wheel-other-version', 'wheel-identity-mismatch', {
    info: { METADATA: METADATA.replace('1.0.0', '2.0.0') },
  }),
  // two names in METADATA
  attack('wheel-two-metadata-names', 'wheel-metadata', {
    info: { METADATA: `${METADATA}Name: other\n` },
  }),
  // Wheel-Version: 2.0
  attack('wheel-version-2', 'wheel-format-version', {
    info: { WHEEL: 'Wheel-Version: 2.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n' },
  }),
  // a script that is written outside: pip joins its name to the folder
  attack(
    'wheel-script-name',
    'wheel-entry-point',
    { info: { 'entry_points.txt': '[console_scripts]\n../../planted = fixture:main\n' } },
    { info: { 'entry_points.txt': '[console_scripts]\nplanted = fixture:main\n' } },
  ),
  // no name of a wheel
  { ...attack('wheel-no-wheel-name', 'wheel-file-name', {}), fileName: 'fixture-1.0.0.whl' },
];

function unicodePath(of: string, name: string): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt16LE(0x7075, 0);
  head.writeUInt16LE(5 + name.length, 2);
  head[4] = 1;
  head.writeUInt32LE(crc32(of), 5);
  return Buffer.concat([head, Buffer.from(name)]);
}

function odd(name: string, options: WheelOptions, fileName = PLAIN): WheelOddity {
  return { name, fileName, bytes: wheel(options) };
}

/** What real wheels do: accepted. */
export const wheelOddities: readonly WheelOddity[] = [
  odd('wheel-plain', {}),
  odd('wheel-folders', { entries: [{ name: 'fixture/lib/', mode: UNIX.directory | 0o755 }] }),
  odd('wheel-windows', {
    entries: [{ name: 'fixture/w.py', body: 'x', madeBy: 0, mode: 0, dosAttributes: 0x20 }],
  }),
  odd('wheel-typeless-mode', { entries: [{ name: 'fixture/t.py', body: 'x', mode: 0o664 }] }),
  odd('wheel-utf8-name', { files: { 'fixture/ä.txt': 'x' } }),
  odd('wheel-quoted-record', { files: { 'fixture/a,"b".txt': 'x' }, record: (lines) => lines }),
  odd('wheel-record-crlf', { record: (lines) => lines.map((line) => `${line}\r`) }),
  odd('wheel-vendored-dist-info', {
    files: { 'fixture/_vendor/six-1.16.0.dist-info/METADATA': 'Name: six\nVersion: 1.16.0\n' },
  }),
  odd('wheel-data', {
    files: {
      [`${DATA}/data/share/man/man1/fixture.1`]: 'x',
      [`${DATA}/scripts/fixture`]: '#!python\n',
      [`${DATA}/headers/fixture.h`]: 'x',
    },
  }),
  odd('wheel-signed', {
    entries: [{ name: `${INFO}/RECORD.jws`, body: '{}', unlisted: true }],
  }),
  odd('wheel-entry-points', {
    info: {
      'entry_points.txt':
        '[console_scripts]\nfixture = fixture:main\nfixture3.11 = fixture.cli:main [extra]\n\n[pytest11]\nany/thing = fixture\n',
    },
  }),
  odd(
    'wheel-spelled-otherwise',
    {
      distInfo: 'Fixture.Name-1.0.dist-info',
      info: { METADATA: 'Metadata-Version: 2.1\nName: fixture-name\nVersion: 1.0.0\n' },
    },
    'fixture_name-1-py3-none-any.whl',
  ),
  // As Pyodide compiles modules: in the zip, and not in RECORD, and the other way round.
  odd('wheel-stale-record', {
    entries: [{ name: 'fixture/new.pyc', body: 'x', unlisted: true }],
    record: (lines) => [recordLine('fixture/new.py', 'x'), ...lines],
  }),
  odd('wheel-path-file', { files: { 'fixture.pth': 'import fixture\n' } }),
  odd('wheel-zip64', { entries: [{ name: 'fixture/big.py', body: 'x', zip64: true }] }),
  odd('wheel-zip64-end', { zip: { zip64: true } }),
  odd('wheel-comment', { zip: { comment: 'of a commit' } }),
  odd('wheel-descriptors', {
    entries: [{ name: 'fixture/d.py', body: 'x', method: 8, descriptor: true }],
  }),
];
