// @module-tag openssl
/** Packages in a folder of what a git host packs: pnpm gets the folder, and the manifest of the folder is the one inspected. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificates } from '../../support/certificates.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { anyPnpmsByHook, available } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { startProxy, type Proxy } from '../../support/proxy.ts';
import { closeBench, forget, FROZEN, makeBench, pnpm, SUBJECT, unguarded } from './guarded.ts';

const HOST = 'codeload.github.com';
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const URL_OF_COMMIT = `https://${HOST}/user/repository/tar.gz/${COMMIT}`;
const escaping = { bin: { evil: '../../../../sentinel/secret' } };

/** A package in a folder of the archive. */
const inFolder = (folder: string, name: string, manifest: object = {}): Record<string, string> => ({
  [`${folder}/package.json`]: JSON.stringify({ name, version: '1.0.0', ...manifest }),
  [`${folder}/index.js`]: `module.exports = '${folder}'\n`,
});

const names = anyPnpmsByHook.filter((name) => available(name).ok);

describe.each(names)('%s', (name) => {
  const bench = freshEach(() => makeBench(name), closeBench);
  let folder: string;
  let host: Server;
  let proxy: Proxy;
  let archive: Buffer;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tarwarden-certificates-'));
    const made = makeCertificates(folder, [HOST]);
    host = createServer({ key: made.key, cert: made.cert }, (_, response) => response.end(archive));
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const tunnelsTo = (host.address() as AddressInfo).port;
    proxy = await startProxy({ names: [HOST], tunnelsTo });
    bench.sandbox.npmrc(`https-proxy=${proxy.url}`, `cafile=${made.files.ca}`, 'fetch-retries=0');
    bench.sandbox.pnpmConfig(`httpsProxy: ${proxy.url}`, 'fetchRetries: 0');
  });
  afterEach(async () => {
    bench.sandbox.assertSentinelUntouched();
    await proxy.close();
    host.closeAllConnections();
    await new Promise((resolve) => host.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  /** The project depends on packages of one commit, each in the folder given. */
  function lock(folders: Readonly<Record<string, string>>): void {
    const all = Object.entries(folders).map(([dependency, path]) => ({
      dependency,
      specifier: `github:user/repository#${COMMIT}&path:/${path}`,
      version: `${URL_OF_COMMIT}#path:/${path}`,
      // pnpm 10.20 does not write that it is of a git host.
      resolution: `{${name === 'pnpm-10-20' ? '' : 'gitHosted: true, '}path: /${path}, tarball: ${URL_OF_COMMIT}}`,
    }));
    bench.sandbox.write({
      'package.json': {
        name: 'project',
        dependencies: Object.fromEntries(all.map((one) => [one.dependency, one.specifier])),
      },
      'pnpm-lock.yaml': [
        "lockfileVersion: '9.0'",
        'settings: {autoInstallPeers: true, excludeLinksFromLockfile: false}',
        'importers:',
        '  .:',
        '    dependencies:',
        ...all.flatMap(({ dependency, specifier, version }) => [
          `      ${dependency}:`,
          `        specifier: ${specifier}`,
          `        version: ${version}`,
        ]),
        'packages:',
        ...all.flatMap(({ dependency, version, resolution }) => [
          `  ${dependency}@${version}:`,
          `    resolution: ${resolution}`,
          '    version: 1.0.0',
        ]),
        'snapshots:',
        ...all.map(({ dependency, version }) => `  ${dependency}@${version}: {}`),
        '',
      ].join('\n'),
    });
  }

  const installed = (dependency = SUBJECT): string | undefined => {
    const file = join(bench.sandbox.project, 'node_modules', dependency, 'index.js');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };

  test.each([
    ['a package at the root', {}],
    ['a package at the root that nobody installs, with a command that leads out', escaping],
    ['no package at the root', null],
  ])('installs the folder, with %s', async (_, manifest) => {
    archive = tgz({ name: 'root', manifest, files: inFolder('deep/sub', SUBJECT) });
    lock({ [SUBJECT]: 'deep/sub' });
    await unguarded(bench, FROZEN);
    expect(installed()).toContain('deep/sub');
    for (const gone of [['modules', 'store'], ['modules']] as const) {
      forget(bench, ...gone);
      expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0, timedOut: false });
      expect(installed()).toContain('deep/sub');
    }
  });

  test.each(['cold', 'warm'])(
    'refuses a folder whose command leads out, %s store',
    async (store) => {
      archive = tgz({ name: 'root', files: inFolder('sub', SUBJECT, escaping) });
      lock({ [SUBJECT]: 'sub' });
      if (store === 'warm') await unguarded(bench, FROZEN);
      forget(bench, 'modules');
      const result = await pnpm(bench, FROZEN);
      expect(result).toMatchObject({ code: 1, timedOut: false });
      expect(result.stderr).toContain('tarwarden: refused ');
      expect(installed()).toBeUndefined();
    },
  );

  test('refuses the second folder of an archive whose first is clean', async () => {
    archive = tgz({
      name: 'root',
      files: { ...inFolder('first', 'first'), ...inFolder('sub', SUBJECT, escaping) },
    });
    lock({ first: 'first' });
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0 });
    lock({ first: 'first', [SUBJECT]: 'sub' });
    const result = await pnpm(bench, FROZEN);
    expect(result).toMatchObject({ code: 1, timedOut: false });
    expect(installed()).toBeUndefined();
  });
});
