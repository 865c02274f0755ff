/** The statements of docs/design/0002-accepted-zip-grammar.md that the attack set does not show. */
import { DEFAULT_LIMITS, DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { yarnZip, type YarnZipOptions } from '../../support/yarn-zip.ts';
import { UNIX, zip, zipSymlink, type ZipEntry, type ZipOptions } from '../../support/zip.ts';

const top = 'node_modules/fixture';
const rulesOf = (bytes: Buffer): string[] =>
  inspect(bytes, { format: 'yarn-zip' }).findings.map(({ rule, code = rule }) => code);
const withEntry = (entry: ZipEntry, options?: ZipOptions): string[] =>
  rulesOf(yarnZip({ entries: [entry] }, options));

/** Offset of the first header of the directory, and of that before the data, that has this name. */
function headersOf(bytes: Buffer, name: string): { local: number; central: number } {
  return { local: bytes.indexOf(name) - 30, central: bytes.lastIndexOf(name) - 46 };
}

/** An archive whose two headers of `file` are changed alike: bytes by their offset from `version needed`. */
function changed(change: (header: Buffer) => void): Buffer {
  const bytes = yarnZip({ entries: [{ name: `${top}/file`, body: 'x'.repeat(100) }] });
  const { local, central } = headersOf(bytes, `${top}/file`);
  change(bytes.subarray(local + 4));
  change(bytes.subarray(central + 6));
  return bytes;
}

describe('is accepted:', () => {
  it.each(
    Object.entries<ZipEntry>({
      'an empty file that is deflated': { name: `${top}/empty`, method: 8 },
      'a folder whose nothing is deflated': {
        name: `${top}/lib/`,
        mode: UNIX.directory | 0o755,
        method: 8,
      },
      'the same folder again': { name: `${top}/`, mode: UNIX.directory | 0o755 },
      'a folder with the attribute of MS-DOS': {
        name: `${top}/lib/`,
        mode: UNIX.directory | 0o755,
        dosAttributes: 0x10,
      },
      'a file that nobody may read': { name: `${top}/a`, mode: UNIX.file },
      'a version needed of 1.0': { name: `${top}/a`, versionNeeded: 10 },
      'a name of ASCII that is not marked': { name: `${top}/a`, flags: 0 },
      'a dot in the middle': { name: `${top}/./lib/a`, body: 'x' },
    }),
  )('%s', (_title, entry) => {
    expect(withEntry(entry)).toEqual([]);
  });

  it('any time, said twice', () => {
    expect(rulesOf(changed((header) => header.fill(0xff, 6, 10)))).toEqual([]);
  });

  it('entries in another order in the directory than in the file', () => {
    const late: ZipEntry = { name: `${top}/late`, body: 'x' };
    const plain = yarnZip();
    const first = plain.indexOf('PK\x01\x02', 0, 'latin1');
    const centrals = plain.subarray(first, plain.length - 22);
    const cut = centrals.indexOf('PK\x01\x02', 4, 'latin1');
    const turned = Buffer.concat([
      plain.subarray(0, first),
      centrals.subarray(cut),
      centrals.subarray(0, cut),
      plain.subarray(plain.length - 22),
    ]);
    expect(rulesOf(turned)).toEqual([]);
    expect(withEntry(late)).toEqual([]);
  });

  it('an archive inside a stored file, its directory pointing into the whole', () => {
    const inner = (at: number): Buffer =>
      zip([{ name: `${top}/evil.js`, body: 'evil', method: 0 }], {
        prefix: Buffer.alloc(at),
      }).subarray(at);
    const outer = (at: number): Buffer =>
      yarnZip({ entries: [{ name: `${top}/data`, body: inner(at), method: 0 }] });
    const at = outer(0).indexOf(inner(0));
    expect(rulesOf(outer(at))).toEqual([]);
  });
});

describe('is refused:', () => {
  it.each(
    Object.entries<readonly [string, ZipEntry]>({
      'a version needed above 2.0': ['zip-unsupported', { name: `${top}/a`, versionNeeded: 21 }],
      'a file with the folder bit of MS-DOS': [
        'zip-unsupported',
        { name: `${top}/a`, dosAttributes: 0x10 },
      ],
      'a folder with other bits of MS-DOS': [
        'zip-unsupported',
        { name: `${top}/a/`, mode: UNIX.directory | 0o755, dosAttributes: 0x18 },
      ],
      'extra fields in the directory': [
        'zip-unsupported',
        { name: `${top}/a`, central: { extra: Buffer.from('\0\0\0\0') } },
      ],
      'extra fields before the data': [
        'zip-header-mismatch',
        { name: `${top}/a`, local: { extra: Buffer.from('\0\0\0\0') } },
      ],
      'another disk': ['zip-unsupported', { name: `${top}/a`, central: { diskStart: 1 } }],
      'flags that differ': ['zip-header-mismatch', { name: `${top}/a`, local: { flags: 0 } }],
      'versions that differ': [
        'zip-header-mismatch',
        { name: `${top}/a`, local: { versionNeeded: 10 } },
      ],
      'checksums that differ': [
        'zip-header-mismatch',
        { name: `${top}/a`, body: 'x', local: { crc: 1 } },
      ],
      'a stored file of two sizes': [
        'zip-corrupt',
        { name: `${top}/a`, body: 'x', method: 0, size: 2 },
      ],
      'bytes after the deflate stream': [
        'zip-corrupt',
        { name: `${top}/a`, method: 8, data: Buffer.from([3, 0, 0]) },
      ],
      'a deflate stream that does not end': [
        'zip-corrupt',
        { name: `${top}/a`, method: 8, data: Buffer.from([2, 0]) },
      ],
      'less content than declared': [
        'zip-corrupt',
        { name: `${top}/a`, body: 'x', method: 8, size: 2 },
      ],
      'data that runs into the directory': [
        'zip-corrupt',
        { name: `${top}/a`, method: 8, compressedSize: 4000 },
      ],
      'a file whose name ends in a slash': [
        'zip-type-mismatch',
        { name: `${top}/a/`, mode: UNIX.file | 0o644 },
      ],
      'a folder without a slash': [
        'zip-type-mismatch',
        { name: `${top}/a`, mode: UNIX.directory | 0o755 },
      ],
      'a socket': ['unknown-typeflag', { name: `${top}/a`, mode: 0o140644 }],
      'an empty name': ['zip-outside-package', { name: '' }],
      'the folder of a scope of another package': [
        'zip-outside-package',
        { name: 'node_modules/@other/', mode: UNIX.directory | 0o755 },
      ],
      'the same file again, with equal content': [
        'duplicate-path',
        { name: `${top}/index.js`, body: 'module.exports = 1\n' },
      ],
      'a NUL in a name': ['nul-in-path', { name: `${top}/a\0b` }],
      'a link with a target past 4096 bytes': ['symlink', zipSymlink(`${top}/a`, 'x'.repeat(4097))],
    }),
  )('%s', (_title, [rule, entry]) => {
    expect(withEntry(entry)).toContain(rule);
  });

  it.each<[string, YarnZipOptions]>([
    ['a scope that Windows takes for a path', { name: '@a\\..\\..\\b/c' }],
    ['a scope with a control character', { name: '@a\u0001/c' }],
    ['a scope that ends in a dot', { name: '@a./c' }],
  ])('%s', (_title, options) => {
    expect(rulesOf(yarnZip(options))).toContain('zip-outside-package');
  });

  it('the attribute of a text file', () => {
    const bytes = yarnZip({ entries: [{ name: `${top}/file`, body: 'x' }] });
    bytes[headersOf(bytes, `${top}/file`).central + 36] = 1;
    expect(rulesOf(bytes)).toEqual(['zip-unsupported']);
  });

  it.each([0x0001, 0x0008, 0x0010, 0x0020, 0x0040, 0x0080, 0x0400, 0x1000, 0x2000, 0x8000])(
    'the flag %i',
    (flag) => {
      const odd = changed((header) => header.writeUInt16LE(0x0800 | flag, 2));
      expect(rulesOf(odd)).toContain('zip-unsupported');
    },
  );

  it('what looks like the locator of a zip64 end record', () => {
    const name = Buffer.concat([Buffer.from(`${top}/PK\x06\x07`), Buffer.alloc(16, 'a')]);
    expect(withEntry({ name })).toEqual(['zip-unsupported']);
  });

  it.each<[string, ZipOptions]>([
    ['a disk number', { end: { disk: 1 } }],
    ['a disk of the directory', { end: { centralDisk: 1 } }],
    ['two counts', { end: { entriesOnDisk: 1 } }],
    ['a count that is too large', { end: { entries: 9, entriesOnDisk: 9 } }],
    ['a directory elsewhere', { end: { offset: 0 } }],
    ['a comment that is not there', { end: { commentLength: 1 } }],
  ])('an end record with %s', (_title, options) => {
    expect(rulesOf(yarnZip({}, options))).toEqual(['zip-end-record']);
  });

  it('bytes between the data and the directory', () => {
    expect(rulesOf(yarnZip({}, { beforeCentral: Buffer.from('x') }))).toEqual(['zip-gap']);
  });

  it('an archive without entries', () => {
    expect(rulesOf(zip([]))).toEqual(['manifest-missing']);
  });

  it('many entries that are a bomb together, each below the floor', () => {
    const zeros: ZipEntry[] = Array.from({ length: 4 }, (_, index) => ({
      name: `${top}/${index}`,
      body: Buffer.alloc(5 * 1024 * 1024),
    }));
    expect(rulesOf(yarnZip({ entries: zeros }))).toContain('compression-ratio-limit');
    expect(rulesOf(yarnZip({ entries: zeros.slice(1) }))).toEqual([]);
    const limits = { ...DEFAULT_LIMITS, ratio: 2000 };
    const verdict = inspect(yarnZip({ entries: zeros }), {
      format: 'yarn-zip',
      policy: { ...DEFAULT_POLICY, limits },
    });
    expect(verdict.status).toBe('accept');
  });
});
