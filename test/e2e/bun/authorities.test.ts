/** Registries whose certificates are not of the usual authorities: the guard trusts whom bun trusts. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificates, type Certificates } from '../../support/certificates.ts';
import { available } from '../../support/managers.ts';
import {
  bare,
  cleanTarball,
  closeBench,
  forget,
  guarded,
  hasLanded,
  makeBench,
  publish,
  writeProject,
  type Bench,
} from './guarded.ts';

describe.skipIf(!available('bun').ok)('bun', { tags: ['openssl'] }, () => {
  let folder: string;
  let certificates: Certificates;
  let bench: Bench;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tarwarden-authorities-'));
    certificates = makeCertificates(folder);
    mkdirSync(join(folder, 'all'));
    // What bun looks for in a folder of authorities is named by a hash, as `openssl rehash` does.
    const hash = execFileSync(
      'openssl',
      ['x509', '-hash', '-noout', '-in', certificates.files.ca],
      { encoding: 'utf8' },
    ).trim();
    writeFileSync(join(folder, 'all', `${hash}.0`), certificates.ca);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    bench = await makeBench({ tls: { key: certificates.key, cert: certificates.cert } });
    publish(bench, cleanTarball());
    writeProject(bench);
  });
  afterEach(async () => closeBench(bench));

  const file = (): string => certificates.files.ca;
  const text = (): string => certificates.ca.trim().replaceAll('\n', '\\n');

  test.each<[string, () => Record<string, string>]>([
    ['NODE_EXTRA_CA_CERTS', () => ({ NODE_EXTRA_CA_CERTS: file() })],
    ['SSL_CERT_FILE', () => ({ SSL_CERT_FILE: file() })],
    ['SSL_CERT_DIR', () => ({ SSL_CERT_DIR: join(folder, 'all') })],
  ])('an authority of %s is trusted', async (_, env) => {
    expect(await bare(bench, ['install'], { env: env() })).toMatchObject({ code: 0 });
    forget(bench);
    expect(await guarded(bench, ['install'], { env: env() })).toMatchObject({ code: 0 });
    expect(hasLanded(bench)).toBe(true);
  });

  test.each<[string, () => string[]]>([
    ['--cafile', () => ['--cafile', file()]],
    ['--cafile=', () => [`--cafile=${file()}`]],
    ['--ca', () => ['--ca', certificates.ca]],
  ])('an authority of %s is trusted', async (_, args) => {
    expect(await guarded(bench, ['install', ...args()])).toMatchObject({ code: 0 });
    expect(hasLanded(bench)).toBe(true);
  });

  test.each<[string, string, () => string]>([
    ['cafile', '.npmrc', () => `cafile=${file()}\n`],
    ['ca', '.npmrc', () => `ca="${text()}"\n`],
  ])('an authority of %s in the own %s is trusted', async (_, __, line) => {
    bench.sandbox.npmrc(line());
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(hasLanded(bench)).toBe(true);
  });

  test.each<[string, () => string]>([
    ['cafile', () => `cafile = ${JSON.stringify(file())}`],
    ['ca', () => `ca = ${JSON.stringify(certificates.ca)}`],
    ['a list of ca', () => `ca = [${JSON.stringify(certificates.ca)}]`],
  ])('an authority of %s in the own .bunfig.toml is trusted', async (_, line) => {
    const config = join(bench.sandbox.root, 'xdg/config/.bunfig.toml');
    writeFileSync(config, `[install]\n${line()}\n`);
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(hasLanded(bench)).toBe(true);
  });

  test.each<[string, string, () => string]>([
    ['.npmrc', '.npmrc', () => `cafile=${file()}\n`],
    ['bunfig.toml', 'bunfig.toml', () => `[install]\ncafile = ${JSON.stringify(file())}\n`],
  ])('an authority of the %s of the project is not', async (_, name, line) => {
    bench.sandbox.write({ [name]: line() });
    const result = await guarded(bench, ['install']);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('certificate');
    expect(hasLanded(bench)).toBe(false);
  });

  test('nobody else is trusted where authorities are named', async () => {
    const other = makeCertificates(join(folder, 'other')).files.ca;
    const env = { SSL_CERT_FILE: file() };
    const args = ['install', '--cafile', other];
    expect(await bare(bench, args, { env })).toMatchObject({ code: 1 });
    expect(await guarded(bench, args, { env })).toMatchObject({ code: 1 });
    expect(bench.registry.downloads()).toEqual([]);
  });

  test('a file of authorities that is not there is said before bun is run', async () => {
    const result = await guarded(bench, ['install', '--cafile', 'missing.pem']);
    expect(result).toMatchObject({ code: 97 });
    expect(result.stderr).toContain('missing.pem (--cafile) cannot be read');
  });
});
