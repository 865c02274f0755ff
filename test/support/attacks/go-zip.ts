/**
 * Module zips of Go that the guard has to stop, built from bytes, and clean ones that it has to pass. All are of one module,
 * so that a proxy can serve them; links and escaping names lead to `sentinel` above the module cache.
 */
import type { RuleId } from '@tarwarden/core';
import { rulesWith } from './codes.ts';
import { goEntry, moduleFiles, moduleZip } from '../go/module-zip.ts';
import { UNIX, zip, type ZipEntry, type ZipOptions } from '../zip.ts';

export const GO_MODULE = 'example.org/team/subject@v1.2.3';
const PATH = 'example.org/team/subject';

export interface GoArchive {
  /** Unique, in words. */
  readonly name: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

export interface GoAttack extends GoArchive {
  /** Each is among the findings, as an error. */
  readonly codes: readonly string[];
  readonly rules: readonly RuleId[];
}

const at = (name: string): string => `${GO_MODULE}/${name}`;
const files = moduleFiles(PATH);
const SOURCE = at('subject.go');

function hostile(
  name: string,
  codes: readonly string[],
  entries: readonly ZipEntry[],
  how: ZipOptions = {},
): GoAttack {
  return {
    name,
    codes,
    rules: rulesWith(codes),
    fileName: 'v1.2.3.zip',
    bytes: moduleZip({ module: GO_MODULE, entries, zip: how }),
  };
}

/** A whole zip of its own entries. */
function whole(name: string, codes: readonly string[], bytes: Buffer): GoAttack {
  return { name, codes, rules: rulesWith(codes), fileName: 'v1.2.3.zip', bytes };
}

const own = Object.entries(files).map(([name, body]) => goEntry(at(name), body));
const other = 'package subject\n\nconst Word = "hidden"\n';

export const goAttacks: readonly GoAttack[] = [
  // module@version/link -> ../../sentinel, by external attributes; bare go writes a file that holds the target
  hostile(
    'symlink',
    ['symlink'],
    [goEntry(at('link'), '../../sentinel', { madeBy: 3, mode: UNIX.symlink | 0o777 })],
  ),
  // module@version/pipe (fifo), and a device
  hostile('fifo', ['fifo'], [goEntry(at('pipe'), '', { madeBy: 3, mode: UNIX.fifo | 0o644 })]),
  hostile(
    'device',
    ['character-device'],
    [goEntry(at('tty'), '', { madeBy: 3, mode: UNIX.characterDevice | 0o644 })],
  ),
  // module@version/tool (setuid)
  hostile(
    'setuid',
    ['special-mode-bits'],
    [goEntry(at('tool'), 'x', { madeBy: 3, mode: UNIX.file | 0o4755 })],
  ),
  // module@version/../../../sentinel/planted
  hostile('traversal', ['path-traversal'], [goEntry(at('../../../sentinel/planted'), 'planted\n')]),
  // ../../sentinel/planted, outside the folder
  hostile(
    'traversal outside',
    ['path-traversal', 'module-outside-folder'],
    [goEntry('../../sentinel/planted', 'planted\n')],
  ),
  // /sentinel/planted
  hostile('absolute', ['absolute-path'], [goEntry('/sentinel/planted', 'planted\n')]),
  // module@version\..\planted, and C:planted
  hostile('backslash', ['backslash-path'], [goEntry(at(String.raw`..\planted`), 'planted\n')]),
  hostile('drive', ['module-file-name'], [goEntry(at('C:planted'), 'planted\n')]),
  // two files of one name
  hostile('duplicate', ['duplicate-path'], [goEntry(SOURCE, other)]),
  // subject.go and Subject.go
  hostile('case collision', ['case-collision'], [goEntry(at('Subject.go'), other)]),
  // subject.go and subject.go/planted
  hostile('file and folder', ['file-directory-conflict'], [goEntry(`${SOURCE}/planted`, 'x')]),
  // another module's folder
  hostile(
    'other folder',
    ['module-outside-folder'],
    [goEntry('example.org/team/other@v1.0.0/planted.go', 'package other\n')],
  ),
  whole(
    'other module',
    ['module-name-mismatch'],
    moduleZip({ module: 'example.org/team/other@v1.2.3', files }),
  ),
  whole('other version', ['module-name-mismatch'], moduleZip({ module: `${PATH}@v9.9.9`, files })),
  // sub/go.mod, GO.MOD
  hostile('nested go.mod', ['go-mod-misplaced'], [goEntry(at('sub/go.mod'), 'module x\n')]),
  hostile('GO.MOD', ['go-mod-misplaced'], [goEntry(at('sub/GO.MOD'), 'module x\n')]),
  // names that go does not take
  hostile('device name', ['module-file-name'], [goEntry(at('aux.go'), 'package subject\n')]),
  hostile('quote in a name', ['module-file-name'], [goEntry(at("it's.go"), 'package subject\n')]),
  hostile('trailing dot', ['module-file-name'], [goEntry(at('file.'), 'x')]),
  // the directory calls it subject2.go, the header before the data hidden.go
  hostile(
    'two names',
    ['zip-header-mismatch'],
    [goEntry(at('subject2.go'), other, { local: { name: at('hidden.go') } })],
  ),
  // an entry that only a reader from the first byte on sees
  hostile('hidden entry', ['zip-gap'], [goEntry(at('hidden.go'), other, { omit: 'central' })]),
  // a whole zip before this one
  hostile('zip before', ['zip-gap'], [], {
    prefix: zip([goEntry(at('hidden.go'), other)]),
  }),
  // bytes behind the end record, and a comment that holds an end record
  hostile('trailing bytes', ['zip-trailing-bytes'], [], { trailing: Buffer.from('x'.repeat(40)) }),
  hostile('two end records', ['zip-end-record'], [], {
    comment: zip([goEntry(at('h.go'), other)]),
  }),
  // flags that ask for a password
  hostile('encrypted', ['zip-unsupported'], [goEntry(at('secret'), 'x', { flags: 1 })]),
  // bzip2
  hostile('other method', ['zip-unsupported'], [goEntry(at('packed'), 'x', { method: 12 })]),
  // a wrong checksum, and a size that lies
  whole(
    'checksum',
    ['zip-checksum'],
    zip([...own, goEntry(at('data'), 'content', { crc: 1, descriptor: false })]),
  ),
  whole(
    'size',
    ['zip-corrupt'],
    zip([...own, goEntry(at('data'), 'content', { size: 3, descriptor: false })]),
  ),
];

function clean(name: string, entries: readonly ZipEntry[], how: ZipOptions = {}): GoArchive {
  return {
    name,
    fileName: 'v1.2.3.zip',
    bytes: moduleZip({ module: GO_MODULE, entries, zip: how }),
  };
}

/** What honest module zips have, and what comes close to an attack. */
export const goCleanArchives: readonly GoArchive[] = [
  clean('as go writes it', []),
  clean('a file in a folder', [goEntry(at('sub/sub.go'), 'package sub\n')]),
  clean('a folder of its own', [goEntry(at('sub/'), '', { method: 0, descriptor: false })]),
  clean('an empty file', [goEntry(at('empty'), '')]),
  clean('a name with a space, a tilde and letters', [
    goEntry(at('a file~1 é.txt'), 'x', { flags: 0x0800 }),
  ]),
  clean('names that begin with dots', [goEntry(at('.github/workflows/ci.yml'), 'on: push\n')]),
  clean('go.mod under another name', [
    goEntry(at('testdata/go.mod.txt'), 'module x\n'),
    goEntry(at('_go.mod'), 'module x\n'),
  ]),
  clean('vendor and testdata', [
    goEntry(at('vendor/modules.txt'), '# none\n'),
    goEntry(at('testdata/x.zip'), moduleZip({ module: GO_MODULE })),
  ]),
  clean('made on Unix, with modes', [
    goEntry(at('run.sh'), '#!/bin/sh\n', { madeBy: 3, mode: UNIX.file | 0o755 }),
  ]),
  clean('two files of other case in two folders', [
    goEntry(at('a/X.go'), 'package a\n'),
    goEntry(at('b/x.go'), 'package b\n'),
  ]),
  {
    name: 'without a go.mod',
    fileName: 'v1.2.3.zip',
    bytes: moduleZip({ module: GO_MODULE, files: { 'subject.go': files['subject.go']! } }),
  },
  {
    name: 'stored, sizes before the data',
    fileName: 'v1.2.3.zip',
    bytes: zip(Object.entries(files).map(([name, body]) => ({ name: at(name), body, method: 0 }))),
  },
];
