/** The archive that the guard makes in Yarn's place is the archive that Yarn makes, byte for byte, or there is none. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { inspect } from '@tarwarden/core/npm';
import { convert } from '../../../packages/yarn-plugin/src/convert.ts';
import { ZipWriter } from '../../../packages/yarn-plugin/src/zip-writer.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { tgz, type PkgOptions } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const ofPlugin = createRequire(
  new URL('../../../packages/yarn-plugin/package.json', import.meta.url),
);
type Worker = (message: object) => Promise<string>;
const { tgzUtils } = ofPlugin('@yarnpkg/core') as { tgzUtils: { convertToZipWorker: Worker } };

let root: string;
freshFolder((fresh) => {
  root = fresh;
});
afterEach(() => vi.restoreAllMocks());

const hashOf = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex');
const place = (name = 'fixture') => ({ prefixPath: `node_modules/${name}`, stripComponents: 1 });

async function yarnsOwn(tarball: Uint8Array, extractBufferOpts: object): Promise<Buffer> {
  const tmpFile = join(root, 'yarn.zip');
  await tgzUtils.convertToZipWorker({
    tmpFile,
    tgz: tarball,
    compressionLevel: 0,
    extractBufferOpts,
  });
  return readFileSync(tmpFile);
}

function guards(tarball: Uint8Array, demanded: string, more: object = place()) {
  const expected = { name: 'fixture', version: '1.0.0' };
  const options = { policy: DEFAULT_POLICY, expected };
  const file = join(root, 'guard.zip');
  const inspection = { ...options, format: 'yarn-zip' as const };
  const wanted = { file, demanded, inspection, ...place(), ...more };
  return { file, options, ...convert(tarball, options, wanted) };
}

const folder = (name: string) => entry({ name, typeflag: '5', mode: 0o755 });
const packages: Record<string, PkgOptions> = {
  'two files': {},
  'folders, listed and not': {
    before: [folder('package/'), folder('package/a/')],
    files: { 'a/b/c.js': '1', 'a/b/d.js': '2', 'e/f.js': '3' },
  },
  'programs of every kind': {
    entries: [0o755, 0o700, 0o710, 0o644, 0o600, 0o777].map((mode) =>
      entry({ name: `package/mode-${mode}`, mode, body: 'x' }),
    ),
  },
  'an empty file and a large one': {
    files: { empty: '', large: randomBytes(9 * 1024 * 1024) },
  },
  'names in other letters': { files: { 'é/ü.txt': 'ä', '日本.md': '語' } },
  'another first folder': { top: 'other' },
};

describe('a tarball', () => {
  test.each(Object.entries(packages))('with %s becomes Yarn’s archive', async (_, options) => {
    const tarball = tgz(options);
    const own = await yarnsOwn(tarball, place());
    const { file, archive, verdict } = guards(tarball, hashOf(own));
    expect(verdict).toEqual(inspect(tarball, { expected: { name: 'fixture', version: '1.0.0' } }));
    expect(readFileSync(file).equals(own)).toBe(true);
    const zip = { format: 'yarn-zip' as const, expected: { name: 'fixture', version: '1.0.0' } };
    expect(archive).toEqual({ sha512: hashOf(own), verdict: inspect(own, zip) });
  });

  test('of a package with a scope becomes Yarn’s archive', async () => {
    const tarball = tgz({ name: '@scope/fixture' });
    const scoped = place('@scope/fixture');
    const own = await yarnsOwn(tarball, scoped);
    const unnamed = { ...scoped, inspection: undefined };
    const { file, archive } = guards(tgz(), hashOf(own), unnamed);
    expect(archive).toBeUndefined();
    expect(existsSync(file)).toBe(false);
    const options = { policy: DEFAULT_POLICY };
    const made = convert(tarball, options, { ...unnamed, file, demanded: hashOf(own) });
    // An archive that has a verdict is not inspected again.
    expect(made.archive).toEqual({ sha512: hashOf(own), verdict: undefined });
    expect(readFileSync(file).equals(own)).toBe(true);
  });

  test.each<[string, PkgOptions]>([
    ['whose archive is another than the lockfile demands', {}],
    ['with a link', { entries: [entry({ name: 'package/l', typeflag: '2', linkname: 'x' })] }],
    ['of another package', { name: 'other' }],
  ])('%s is not converted', (_, options) => {
    const tarball = tgz(options);
    const { file, archive, verdict } = guards(tarball, 'f'.repeat(128));
    expect(archive).toBeUndefined();
    expect(existsSync(file)).toBe(false);
    expect(verdict.archive.sha512).toBe(hashOf(tarball));
  });

  // Whoever writes yarn.lock may demand the archive that the guard would make.
  test.each(['package/./x.js', 'package/a/./b/c.js', 'package/a/././b'])(
    'with a path that Yarn normalizes is left to Yarn: %s',
    (name) => {
      const tarball = tgz({ entries: [entry({ name, body: '1' })] });
      const writer = new ZipWriter(place().prefixPath, 1);
      const options = { policy: DEFAULT_POLICY, receiver: writer };
      expect(inspect(tarball, options).status).toBe('accept');
      expect(writer.end()).toBeUndefined();
      expect(guards(tarball, 'f'.repeat(128)).archive).toBeUndefined();
    },
  );

  test('that is rejected is not converted, whatever is demanded', async () => {
    const link = entry({ name: 'package/l', typeflag: '2', linkname: 'package.json' });
    const tarball = tgz({ entries: [link] });
    const own = await yarnsOwn(tarball, place());
    expect(guards(tarball, hashOf(own)).archive).toBeUndefined();
    const contained = { policy: { ...DEFAULT_POLICY, links: 'contained' as const } };
    const file = join(root, 'contained.zip');
    const made = convert(tarball, contained, { ...place(), file, demanded: hashOf(own) });
    // Yarn writes links in its own way.
    expect(made.verdict.status).toBe('accept');
    expect(made.archive).toBeUndefined();
  });

  test('is left to Yarn where its archive has a finding', async () => {
    const tarball = tgz();
    const elsewhere = { prefixPath: 'node_modules/..odd name', stripComponents: 1 };
    const own = await yarnsOwn(tarball, place());
    expect(guards(tarball, hashOf(own), elsewhere).archive).toBeUndefined();
    const other = { inspection: { format: 'yarn-zip' as const, expected: { name: 'x' } } };
    expect(guards(tarball, hashOf(own), other).archive).toBeUndefined();
    expect(existsSync(join(root, 'guard.zip'))).toBe(false);
  });

  test('is left to Yarn where the file cannot be written', async () => {
    const tarball = tgz();
    const own = await yarnsOwn(tarball, place());
    const { archive, verdict } = guards(tarball, hashOf(own), { file: join(root, 'no/a.zip') });
    expect(archive).toBeUndefined();
    expect(verdict.status).toBe('accept');
  });

  test('of which an archive was made leaves nothing of itself to the next', async () => {
    for (const files of [{ a: 'x'.repeat(5000) }, { b: 'y' }]) {
      const tarball = tgz({ files });
      // oxlint-disable-next-line no-await-in-loop -- one after another, in the same memory
      const own = await yarnsOwn(tarball, place());
      expect(guards(tarball, hashOf(own)).archive).toBeDefined();
    }
  });
});
