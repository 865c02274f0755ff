import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { zipAttacks } from '../../support/attacks.ts';
import { findProgram } from '../../support/programs.ts';
import { yarnZip } from '../../support/yarn-zip.ts';
import { zip, type ZipEntry, type ZipOptions } from '../../support/zip.ts';

const entries: readonly ZipEntry[] = [
  { name: 'dir/', mode: 0o040755 },
  { name: 'dir/a.js', body: 'aaaa' },
  { name: 'b.js', body: 'b', method: 0 },
  { name: 'empty' },
];
const wanted = ['dir/', 'dir/a.js', 'b.js', 'empty'];

const forms: readonly [string, readonly ZipEntry[], ZipOptions][] = [
  ['plain', entries, {}],
  ['zip64', entries.map((entry) => ({ ...entry, zip64: true })), { zip64: true }],
  ['data descriptors', entries.map((entry) => ({ ...entry, descriptor: true })), {}],
  ['a comment', entries, { comment: 'a comment' }],
  ['prefixed bytes', entries, { prefix: Buffer.from('#!/bin/sh\n') }],
];

async function withYauzl(bytes: Buffer): Promise<string[]> {
  const names: string[] = [];
  const file = await yauzl.fromBufferPromise(bytes, {});
  for await (const entry of file.eachEntry()) names.push(entry.fileName);
  return names;
}

describe('a zip of the builder', () => {
  let folder = '';
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tarwarden-zip-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(forms)('with %s is read by yauzl', async (_title, list, options) => {
    expect(await withYauzl(zip(list, options))).toEqual(wanted);
  });

  test.skipIf(findProgram('python3') === undefined).each(forms)(
    'with %s is read, and its data checked, by Python zipfile',
    (title, list, options) => {
      const file = join(folder, `${title.replaceAll(' ', '-')}.zip`);
      writeFileSync(file, zip(list, options));
      const script =
        'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print("\\n".join(z.namelist()))';
      expect(execFileSync('python3', ['-c', script, file]).toString().trim().split('\n')).toEqual(
        wanted,
      );
    },
  );
});

test('a cache archive lists its folders', async () => {
  expect(await withYauzl(yarnZip({ name: '@a/b' }))).toEqual([
    'node_modules/',
    'node_modules/@a/',
    'node_modules/@a/b/',
    'node_modules/@a/b/package.json',
    'node_modules/@a/b/index.js',
  ]);
});

test.each(zipAttacks.map((one) => [one.id, one] as const))(
  '%s is not the clean archive',
  (_id, attack) => {
    const built = attack.build();
    expect(built.equals(yarnZip())).toBe(false);
    expect(built.includes('PK')).toBe(true);
  },
);
