/** Archives that are made to be expensive: a finding comes, and memory stays below a stated bound. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gzip, gzipWithZeros } from '../../support/gzip.ts';
import { pkg } from '../../support/pkg.ts';
import { writeSparseWheel } from '../../support/sparse-wheel.ts';
import { archive, end, entry, header, pax, type Part } from '../../support/tar.ts';

/** Resident memory of the whole process, Node and its uncollected garbage included. */
const MAX_RSS_MIB = 256;
/** The same for archives that fill what is kept of paths and findings up to its caps. */
const MAX_FILLED_RSS_MIB = 512;

const script = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const packed = (...parts: Part[]): Buffer =>
  gzip(archive(pkg({ tail: [] }), parts, end()), { level: 1 });
const many = (count: number, make: (index: number) => Part): Part[] =>
  Array.from({ length: count }, (_, index) => make(index));

type Case = readonly [title: string, rule: string, build: () => Buffer];

const cases: readonly Case[] = [
  [
    '200,000 entries',
    'archive-limit',
    () => packed(many(200_000, (index) => header({ name: `package/${index}` }))),
  ],
  [
    'a bomb of 1 GiB that compresses 1:1000',
    'archive-limit',
    () =>
      gzipWithZeros(
        archive(pkg({ tail: [] }), header({ name: 'package/zeros', size: 2 ** 30 })),
        1024,
      ),
  ],
  [
    'an extended header of 100 MB',
    'extended-header-malformed',
    () => {
      const size = 100 << 20;
      const head = header({ name: 'PaxHeader/x', typeflag: 'x', size });
      return gzipWithZeros(archive(pkg({ tail: [] }), head), 101, 8192);
    },
  ],
];

const filling: readonly Case[] = [
  [
    'paths that name millions of folders',
    'archive-limit',
    () => packed(many(40_000, (index) => header({ name: `package/${index}/${'d/'.repeat(40)}f` }))),
  ],
  [
    'folders that clash at every level',
    'name-collision',
    () =>
      packed(
        many(40_000, (index) =>
          header({ name: `package/${(index % 2 === 0 ? 'a/' : 'A/').repeat(40)}${index}` }),
        ),
      ),
  ],
  [
    'names that grow when they are folded',
    'archive-limit',
    () =>
      packed(
        many(20_000, (index) => {
          const path = `package/${index}/${'\ufdfa'.repeat(80)}/${'\ufdfa'.repeat(80)}`;
          return [pax({ path }), header({ name: Buffer.from(path).subarray(0, 98) })];
        }),
      ),
  ],
  [
    'paths of 60,000 bytes',
    'path-limit',
    () =>
      packed(
        many(2000, (index) => {
          const path = `package/${index}/${'d'.repeat(60_000)}`;
          return [pax({ path }), header({ name: path.slice(0, 99) })];
        }),
      ),
  ],
  [
    'many package.json of a megabyte',
    'duplicate-path',
    () =>
      packed(
        many(60, (index) =>
          entry({ name: 'package/package.json', body: `[${'[],'.repeat(300_000)}${index}]` }),
        ),
      ),
  ],
];

describe('memory stays bounded with', () => {
  let folder = '';
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tarwarden-bounds-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([...cases, ...filling])(
    '%s',
    async (title, rule, build) => {
      const file = join(folder, `${title.replace(/\W/g, '-')}.tgz`);
      writeFileSync(file, build());
      const measured = await measure(file);
      expect(measured).toMatchObject({ status: 'reject' });
      expect(measured.rules).toContain(rule);
      expect(measured.maxRssMiB).toBeLessThan(
        cases.some(([known]) => known === title) ? MAX_RSS_MIB : MAX_FILLED_RSS_MIB,
      );
    },
    120_000,
  );

  it.each([
    ['in order', 0, { status: 'accept', rules: [] }],
    ['with a wrong checksum', 1, { status: 'reject', rules: ['zip-damaged'] }],
  ])(
    'a wheel of 700 MiB that is %s',
    async (_, crcOff, wanted) => {
      const file = join(folder, 'fixture-1.0.0-py3-none-any.whl');
      writeSparseWheel(file, 700 * 1024 * 1024, crcOff);
      const measured = await measure(file);
      expect(measured).toMatchObject(wanted);
      expect(measured.maxRssMiB).toBeLessThan(MAX_RSS_MIB);
    },
    120_000,
  );
});

interface Measured {
  readonly status: string;
  readonly rules: readonly string[];
  readonly maxRssMiB: number;
}

async function measure(file: string): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    script('scripts/run-ts.mjs'),
    script('test/fuzz/measure.ts'),
    file,
  ]);
  return JSON.parse(stdout) as Measured;
}
