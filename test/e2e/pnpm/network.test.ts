/** Who downloads what, how often, and by which way through the network. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificates, type Certificates } from '../../support/certificates.ts';
import { available, pnpmsByHook } from '../../support/managers.ts';
import { startProxy } from '../../support/proxy.ts';
import type { RegistryOptions } from '../../support/registry.ts';
import {
  type Bench,
  cleanTarball,
  closeBench,
  declare,
  forget,
  FRESH,
  FROZEN,
  HOOK,
  makeBench,
  pnpm,
  setGuard,
} from './guarded.ts';

/** pnpm 10 and 11 ask for the head of a tarball by URL while they resolve: that is no download. */
const tarballs = (bench: Bench): string[] =>
  bench.registry.log
    .filter(({ path, method }) => method === 'GET' && path.endsWith('.tgz'))
    .map(({ path }) => decodeURIComponent(path))
    .toSorted();

/** Tarballs asked for by anybody but the guard. */
const byPnpm = (bench: Bench): string[] =>
  bench.registry.log
    .filter(({ path, method, headers }) => {
      const agent = headers['user-agent'] ?? '';
      return method === 'GET' && path.endsWith('.tgz') && !agent.startsWith('tarwarden ');
    })
    .map(({ path }) => path);

/** A project with registry, scoped and URL dependencies, one of them twice. */
function spread(bench: Bench): string[] {
  const { registry } = bench;
  registry.publish({
    name: '@scope/one',
    manifest: { dependencies: { 'tarwarden-two': '1.0.0' } },
  });
  registry.publish({ name: 'tarwarden-two' });
  const url = registry.file('by-url.tgz', cleanTarball());
  declare(bench, {
    dependencies: { '@scope/one': '1.0.0', 'tarwarden-two': '^1.0.0', byUrl: url },
  });
  return [
    '/-/files/by-url.tgz',
    '/@scope/one/-/one-1.0.0.tgz',
    '/tarwarden-neighbour/-/tarwarden-neighbour-1.0.0.tgz',
    '/tarwarden-two/-/tarwarden-two-1.0.0.tgz',
  ];
}

function noRetries({ sandbox }: Bench): void {
  sandbox.npmrc('fetch-retries=0');
  sandbox.pnpmConfig('fetchRetries: 0');
}

/** A pnpmfile that lays other bytes where the guard put the inspected ones, just before pnpm reads them. */
const swapping = (bytes: string): string => `
const { copyFileSync } = require('node:fs');
const guard = require(${JSON.stringify(HOOK)});
const swap = (all) => ({ ...all, localTarball(cafs, resolution, options) {
  copyFileSync(${JSON.stringify(bytes)}, resolution.tarball.slice('file:'.length));
  return all.localTarball(cafs, resolution, options);
} });
const fetchers = Object.entries(guard.hooks.fetchers).map(([name, make]) =>
  [name, ({ defaultFetchers }) => make({ defaultFetchers: swap(defaultFetchers) })]);
module.exports = {
  ...guard,
  hooks: { ...guard.hooks, fetchers: Object.fromEntries(fetchers) },
  fetchers: guard.fetchers.map((one) => ({ ...one, fetch: (cafs, resolution, options, all) =>
    one.fetch(cafs, resolution, options, swap(all)) })),
};
`;

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  let bench: Bench;
  const open = async (options: RegistryOptions = {}): Promise<void> => {
    await closeBench(bench);
    bench = await makeBench(name, options);
  };
  beforeEach(async () => {
    bench = await makeBench(name);
  });
  afterEach(() => closeBench(bench));

  test('every tarball is downloaded once, by the guard, and locked under its own URL', async () => {
    const wanted = spread(bench);
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    expect(tarballs(bench)).toEqual(wanted);
    expect(byPnpm(bench)).toEqual([]);
    const lockfile = readFileSync(join(bench.sandbox.project, 'pnpm-lock.yaml'), 'utf8');
    expect(lockfile).toContain(`tarball: ${bench.registry.url}/-/files/by-url.tgz`);
    expect(lockfile).not.toContain('file:///');
    expect(lockfile).not.toContain(bench.sandbox.temp);
    expect(lockfile.match(/integrity: sha512-/g)).toHaveLength(4);
  });

  test('a frozen install on a cold store downloads each once, a warm one none', async () => {
    const wanted = spread(bench);
    await pnpm(bench, FRESH);
    forget(bench, 'store', 'modules', 'verdicts');
    bench.registry.log.length = 0;
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0 });
    expect(tarballs(bench)).toEqual(wanted);
    expect(byPnpm(bench)).toEqual([]);
    forget(bench, 'modules');
    bench.registry.log.length = 0;
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0 });
    expect(tarballs(bench)).toEqual([]);
  });

  test('what was inspected before is downloaded once, pinned by its integrity', async () => {
    const wanted = spread(bench);
    await pnpm(bench, FRESH);
    forget(bench, 'store', 'modules');
    bench.registry.log.length = 0;
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0 });
    expect(tarballs(bench)).toEqual(wanted);
  });

  test('a private scope gets its token, and nobody else does', async () => {
    await open({ auth: { token: 'secret-token', scope: '@private' } });
    bench.registry.publish({ name: '@private/one' });
    const { host } = new URL(bench.registry.url);
    bench.sandbox.npmrc(
      `@private:registry=${bench.registry.url}/`,
      `//${host}/:_authToken=\${PRIVATE_TOKEN}`,
    );
    declare(bench, { dependencies: { '@private/one': '1.0.0' } });
    const env = { PRIVATE_TOKEN: 'secret-token' };
    const result = await pnpm(bench, FRESH, { env });
    expect(result).toMatchObject({ code: 0 });
    expect(byPnpm(bench)).toEqual([]);
    expect(result.stdout + result.stderr).not.toContain('secret-token');
  });

  test.each([
    ['the token of another path does not', '', undefined],
    ['the user in the address does', 'user:word@', 'Basic dXNlcjp3b3Jk'],
  ])('to an archive by address %s go', async (_, user, authorization) => {
    const url = bench.registry.file('by-url.tgz', cleanTarball());
    const { host } = new URL(url);
    bench.sandbox.npmrc(
      `registry=${bench.registry.url}/private/`,
      `//${host}/private/:_authToken=secret-token`,
    );
    const dependencies = { byUrl: url.replace('//', `//${user}`) };
    bench.sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', dependencies } });
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    const sent = bench.registry.log.filter(({ headers }) =>
      headers['user-agent']?.startsWith('tarwarden '),
    );
    expect(sent.map(({ headers }) => headers.authorization)).toEqual([authorization]);
  });

  test('without its token a private scope is refused, and the message holds no secret', async () => {
    await open({ auth: { token: 'secret-token', scope: '@private' } });
    bench.registry.publish({ name: '@private/one' });
    bench.sandbox.npmrc(`@private:registry=${bench.registry.url}/`);
    declare(bench, { dependencies: { '@private/one': '1.0.0' } });
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 1 });
  });

  test('goes through the proxy that pnpm is told of', async () => {
    const proxy = await startProxy({ credentials: 'user:pass' });
    try {
      const url = proxy.url.replace('//', '//user:pass@');
      bench.sandbox.npmrc(`proxy=${url}`, `https-proxy=${url}`, 'noproxy=');
      expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
      expect(proxy.log.filter(({ target }) => target.includes('127.0.0.1')).length).toBeGreaterThan(
        0,
      );
      expect(byPnpm(bench)).toEqual([]);
      const direct = bench.registry.log.length;
      expect(direct).toBeGreaterThan(0);
      expect(proxy.log.every(({ status }) => status === 200)).toBe(true);
    } finally {
      await proxy.close();
    }
  });

  describe('https', { tags: ['openssl'] }, () => {
    let folder: string;
    let made: Certificates;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'tarwarden-certificates-'));
      made = makeCertificates(folder);
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    test('trusts the authority that pnpm is told of, and no other', async () => {
      await open({ tls: { key: made.key, cert: made.cert } });
      noRetries(bench);
      expect(await pnpm(bench, FRESH)).toMatchObject({ code: 1 });
      bench.sandbox.npmrc(`cafile=${made.files.ca}`);
      expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
      expect(byPnpm(bench)).toEqual([]);
    });

    test('shows the client certificate of the registry', async () => {
      await open({ tls: { key: made.key, cert: made.cert, ca: made.ca } });
      const { host } = new URL(bench.registry.url);
      bench.sandbox.npmrc(
        `cafile=${made.files.ca}`,
        `//${host}/:certfile=${made.files.clientCert}`,
        `//${host}/:keyfile=${made.files.clientKey}`,
      );
      expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
      expect(byPnpm(bench)).toEqual([]);
    });
  });

  test('bytes that are swapped after they were inspected are refused', async () => {
    const swapped = join(bench.sandbox.root, 'swapped.tgz');
    writeFileSync(swapped, cleanTarball('6.6.6'));
    setGuard(bench, swapping(swapped));
    noRetries(bench);
    const result = await pnpm(bench, FRESH);
    expect(result).toMatchObject({ code: 1 });
    expect(existsSync(join(bench.sandbox.project, 'node_modules/tarwarden-neighbour'))).toBe(false);
  });

  test('with neither verdict nor bytes, nothing is installed', async () => {
    await pnpm(bench, FRESH);
    forget(bench, 'modules', 'verdicts');
    const result = await pnpm(bench, [...FROZEN, '--offline']);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('not inspected, so not installed: tarwarden-neighbour@1.0.0');
  });

  test('with the registry down, nothing is installed that was not inspected', async () => {
    await pnpm(bench, FRESH);
    forget(bench, 'modules', 'verdicts');
    noRetries(bench);
    await bench.registry.close();
    const result = await pnpm(bench, ['install', '--frozen-lockfile', '--trust-lockfile']);
    expect(result).toMatchObject({ code: 1 });
    bench = await makeBench(name);
  });
});
