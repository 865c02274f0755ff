/**
 * A module zip that is accepted is taken by golang.org/x/mod/zip, and has one reading: what that unpacks is what archive/zip,
 * yauzl, Python and libarchive read. Also of zips that were changed at random.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goModuleHash, inspect } from '@tarwarden/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { goCleanArchives, GO_MODULE } from '../support/attacks/go-zip.ts';
import { goEntry, moduleFiles } from '../support/go/module-zip.ts';
import { UNIX, zip, type ZipEntry, type ZipOptions } from '../support/zip.ts';
import { differences, FileMapBuilder, type FileMap } from './oracles/file-map.ts';
import { askModuleZip, buildModuleZip } from './oracles/module-zip.ts';
import { zipParsers, zipPrograms, zipStreams } from './oracles/zip-readers.ts';

const [name, version] = GO_MODULE.split('@') as [string, string];
const SEED = 11;
const TRIES = 600;
/** Of those accepted, how many programs are started for. */
const TRIED_ON_ALL = 25;

const accepted = (bytes: Buffer): boolean =>
  inspect(bytes, { format: 'gomod', expected: { name, version } }).status === 'accept';

const NAMES = [
  'a.go',
  'sub/b.go',
  'sub/',
  'é.txt',
  'a b.txt',
  'go.mod',
  'sub/go.mod',
  'LICENSE',
  'A.go',
  'aux',
  'x.',
  '~1',
];
const EXTRAS = [
  Buffer.alloc(0),
  Buffer.from('55540500010000005e', 'hex'),
  Buffer.from('7578040000000000', 'hex'),
  Buffer.from('0100', 'hex'),
];

/** An entry with one or two oddities, of which some are none. */
function odd(random: Random): ZipEntry {
  const body = random.pick(['', 'content\n', 'x'.repeat(500)]);
  const oddities: readonly Partial<ZipEntry>[] = [
    {},
    {},
    { descriptor: false },
    { descriptor: 'nosig' },
    { method: 0, descriptor: false },
    { method: 0 },
    { madeBy: 3, mode: UNIX.file | 0o755 },
    { madeBy: 3, mode: UNIX.symlink | 0o777 },
    { madeBy: 19, mode: UNIX.file | 0o644 },
    { dosAttributes: 0x20 },
    { dosAttributes: 0x10 },
    { flags: 0x0800 },
    { extra: random.pick(EXTRAS) },
    { zip64: true, descriptor: false },
    { local: { name: 'other' } },
    { local: { method: 0 } },
    { central: { crc: 1 } },
    { central: { size: 3 } },
    { comment: 'a comment' },
    { versionNeeded: random.pick([10, 20, 45, 63]) },
    { gap: Buffer.alloc(random.int(3)) },
    { omit: 'central' },
  ];
  return goEntry(`${GO_MODULE}/${random.pick(NAMES)}`, body, {
    ...random.pick(oddities),
    ...random.pick(oddities),
  });
}

function oddZip(random: Random): Buffer {
  const own = Object.entries(moduleFiles(name)).map(([file, body]) =>
    goEntry(`${GO_MODULE}/${file}`, body),
  );
  const how: readonly ZipOptions[] = [
    {},
    {},
    {},
    { comment: 'h1' },
    { trailing: Buffer.alloc(1) },
    { prefix: Buffer.from('#!') },
    { zip64: true },
    { end: { entries: 2 } },
  ];
  const entries = [
    ...own.slice(0, 1 + random.int(2)),
    ...Array.from({ length: random.int(3) }, () => odd(random)),
  ];
  const bytes = zip(entries, random.pick(how));
  // And some with a byte of the headers changed.
  if (random.int(3) === 0) bytes[random.int(bytes.length)] = random.int(256);
  return bytes;
}

function mapOf(files: Readonly<Record<string, string>>): FileMap {
  const map = new FileMapBuilder();
  for (const [file, digest] of Object.entries(files)) map.digest(`top/${file}`, 0, digest);
  return map.files;
}

/** The same files, none of them executable: go looks at no mode. */
function plain(map: FileMap): FileMap {
  return new Map([...map].map(([path, { sha256 }]) => [path, { sha256, executable: false }]));
}

/** libzip and Yarn read what Yarn writes. Info-ZIP takes the names that go writes beyond ASCII for another encoding's. */
const readers = [...zipParsers, ...zipPrograms, ...zipStreams].filter(
  ({ name: one }) => !/^(?:libzip|Yarn in JavaScript|Info-ZIP)$/.test(one),
);

describe('an accepted module zip', { tags: ['go-mod'] }, () => {
  let folder = '';
  let program = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tarwarden-module-zip-'));
    program = buildModuleZip(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What go makes of each. */
  async function byGo(archives: readonly Buffer[]) {
    const requests = archives.map((bytes, at) => {
      const file = join(folder, `${at}.zip`);
      writeFileSync(file, bytes);
      return { do: 'check', zip: file, path: name, version } as const;
    });
    return askModuleZip(program, requests);
  }

  async function disagreements(bytes: Buffer, wanted: FileMap): Promise<string[]> {
    const lines: string[] = [];
    for (const { name: reader, read } of readers) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- programs are started one after the other
        const map = plain(await read(bytes));
        const found = differences(wanted, map);
        lines.push(...found.map((line) => `${reader}: ${line}`));
      } catch (error) {
        lines.push(`${reader}: ${String(error)}`);
      }
    }
    return lines;
  }

  it.each(goCleanArchives)('is read alike: $name', async ({ bytes }) => {
    expect(accepted(bytes)).toBe(true);
    const [go] = await byGo([bytes]);
    expect(go?.error).toBe('');
    expect(go?.hash).toBe(goModuleHash(bytes));
    expect(go?.read).toEqual(go?.unpacked);
    expect(await disagreements(bytes, mapOf(go?.unpacked ?? {}))).toEqual([]);
  });

  it('is read alike, whatever was changed in it', async () => {
    const random = new Random(SEED);
    const archives = Array.from({ length: TRIES }, () => oddZip(random)).filter(accepted);
    expect(archives.length).toBeGreaterThan(TRIES / 10);
    const answers = await byGo(archives);
    for (const [at, go] of answers.entries()) {
      expect(`${at} ${go.error}`).toBe(`${at} `);
      expect(go.hash).toBe(goModuleHash(archives[at]!));
      expect(go.read).toEqual(go.unpacked);
    }
    const found: string[] = [];
    for (const [at, bytes] of archives.slice(0, TRIED_ON_ALL).entries())
      // oxlint-disable-next-line no-await-in-loop -- programs are started one after the other
      found.push(...(await disagreements(bytes, mapOf(answers[at]!.unpacked!))));
    expect(found).toEqual([]);
  });
});
