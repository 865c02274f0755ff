import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { problems } from '@tarwarden/core';
import * as tar from 'tar';
import tarStream from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attacks, cleanOddities, coreAttacks } from '../../support/attacks.ts';
import { gemAttacks } from '../../support/attacks/gem.ts';
import { goAttacks } from '../../support/attacks/go-zip.ts';
import { sdistAttacks } from '../../support/attacks/sdist.ts';
import { wheelAttacks } from '../../support/attacks/wheel.ts';
import { wheelTextAttacks } from '../../support/attacks/wheel-texts.ts';
import { gzip, gzipWithZeros } from '../../support/gzip.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { findProgram } from '../../support/programs.ts';

const files = { 'lib/a.js': 'a\n', 'lib/empty.js': '', 'lib/long.js': 'x'.repeat(5000) };
const wanted = [
  'package/package.json',
  'package/index.js',
  ...Object.keys(files).map((path) => `package/${path}`),
];

async function withTarStream(bytes: Buffer): Promise<string[]> {
  const names: string[] = [];
  const extract = tarStream.extract();
  Readable.from([bytes]).pipe(extract);
  for await (const one of extract) {
    names.push(one.header.name);
    one.resume();
  }
  return names;
}

describe('a package of the builder is read alike by', () => {
  const bytes = pkg({ files });

  test('node-tar', () => {
    const names: string[] = [];
    const parser = new tar.Parser({
      strict: true,
      onReadEntry: (one) => (names.push(one.path), one.resume()),
    });
    parser.end(bytes);
    expect(names).toEqual(wanted);
  });

  test('tar-stream', async () => {
    expect(await withTarStream(bytes)).toEqual(wanted);
  });

  test.skipIf(findProgram('python3') === undefined)('Python tarfile', () => {
    const list =
      'import sys,tarfile; print("\\n".join(tarfile.open(fileobj=sys.stdin.buffer, mode="r|").getnames()))';
    expect(
      execFileSync('python3', ['-c', list], { input: bytes }).toString().trim().split('\n'),
    ).toEqual(wanted);
  });
});

describe('gzip', () => {
  const data = Buffer.from('some data '.repeat(100));

  test.each([
    ['plain', {}],
    ['stored', { level: 0 }],
    [
      'every optional header',
      { name: 'n', comment: 'c', extra: Buffer.from('abcd'), headerCrc: true },
    ],
    ['empty member first', { emptyMemberFirst: true }],
    ['split', { splitAt: [1, 500] }],
  ] as const)('%s is what zlib reads', (_title, options) => {
    expect(gunzipSync(gzip(data, options))).toEqual(data);
  });

  test.each([{ crc: 1 }, { isize: 1 }, { cut: 4 }, { method: 7 }])(
    '%o is what zlib refuses',
    (options) => {
      expect(() => gunzipSync(gzip(data, options))).toThrow();
    },
  );

  test('zeros that were never held', () => {
    const head = Buffer.from('head');
    expect(
      gunzipSync(gzipWithZeros(head, 3)).equals(Buffer.concat([head, Buffer.alloc(3 << 20)])),
    ).toBe(true);
  });
});

/** Shown by oddities and by the tests of the rules: no error, of another size, or of another name than was asked for. */
const SHOWN_ELSEWHERE = [
  'install-script',
  'wheel-path-file',
  'wheel-record-absent',
  'wheel-record-unlisted',
  'wheel-tag-mismatch',
  'stray-zip-end-record',
  'pkg-info-oversized',
  'sdist-folder-name',
  'executable-without-owner',
  'gem-checksum-missing',
  'gemspec-name-mismatch',
  'gemspec-target-missing',
  'gemspec-version-mismatch',
  'gem-plugin',
  'gem-extension',
  'go-mod-other-path',
  'module-name-invalid',
  'module-size-limit',
  'dependency-outside-registry',
];

describe('the attack set', () => {
  test('shows every rule but those that are shown elsewhere', () => {
    const others = [
      ...wheelAttacks,
      ...wheelTextAttacks,
      ...sdistAttacks(),
      ...gemAttacks,
      ...goAttacks,
    ];
    const shown = new Set<string>([
      ...attacks.flatMap((one) => one.codes),
      ...others.flatMap((one) => one.codes),
    ]);
    const missing = Object.values(problems).filter(
      // No archive alone shows that a registry or a lockfile describes it otherwise.
      ({ id, code = id, needsClaim }) =>
        !shown.has(code) && !id.startsWith('zip-') && needsClaim !== true,
    );
    expect(missing.map(({ id, code = id }) => code)).toEqual(SHOWN_ELSEWHERE);
  });

  test('ids are unique', () => {
    const ids = [...attacks, ...cleanOddities].map((one) => one.id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('the core attacks are the five of the matrix', () => {
    expect(coreAttacks.map((one) => one.id)).toEqual([
      'symlink',
      'hardlink',
      'path-traversal',
      'duplicate-path',
      'pax-size-desync',
    ]);
  });

  test.each(attacks.map((one) => [one.id, one] as const))(
    '%s is built, and the same each time',
    (id, attack) => {
      const first = attack.build({ name: 'tarwarden-x', version: '2.0.0' });
      expect(attack.rule.length).toBeGreaterThan(0);
      if (id !== 'empty-file') expect(first.length).toBeGreaterThan(0);
      if (first.length < 1 << 20)
        expect(first.equals(attack.build({ name: 'tarwarden-x', version: '2.0.0' }))).toBe(true);
    },
  );
});

describe('clean oddities', () => {
  let folder = '';
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tarwarden-clean-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(cleanOddities.map((one) => [one.id, one] as const))(
    '%s is extracted by node-tar without a warning',
    (id, odd) => {
      const cwd = mkdtempSync(join(folder, 'x-'));
      const file = join(folder, `${id}.tgz`);
      writeFileSync(file, odd.build());
      const warnings: string[] = [];
      const names: string[] = [];
      tar.x({
        file,
        cwd,
        sync: true,
        strip: 1,
        onwarn: (code, text) => void warnings.push(`${code} ${String(text)}`),
      });
      tar.t({ file, sync: true, onReadEntry: (one) => void names.push(one.path) });
      expect(warnings).toEqual([]);
      expect(names.some((name) => name.endsWith('/package.json'))).toBe(true);
    },
  );

  test('padding reaches a whole record', () => {
    const padded = cleanOddities.find((one) => one.id === 'record-padding');
    expect(gunzipSync(padded?.build() ?? Buffer.alloc(0)).length % 10_240).toBe(0);
  });
});

test('tgz is gzip of pkg', () => {
  expect(gunzipSync(tgz({ name: 'a' }))).toEqual(pkg({ name: 'a' }));
});
