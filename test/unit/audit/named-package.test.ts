/** What `namedArchives` gets for a package that a user names, and what it sends to whom. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { namedArchives, type NamedArchive } from '@tarwarden/audit';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { readPackageRequest, type NamedVersion } from '@tarwarden/core/policy';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freshFolder } from '../../support/fresh-folder.ts';
import { startIndex } from '../../support/pip/index.ts';
import { wheelOf } from '../../support/pip/packages.ts';
import { tgz } from '../../support/pkg.ts';
import { putFile } from '../../support/put-file.ts';
import { sri, startRegistry, type Registry } from '../../support/registry.ts';

let folder: string;
let env: NodeJS.ProcessEnv;
freshFolder((made) => {
  folder = made;
  env = { HOME: join(folder, 'home'), PATH: '/nowhere', SECRET: 'a-secret' };
  putFile(join(folder, 'project', 'package.json'), '{"name": "app"}');
});

const project = (name: string, text: string): void =>
  void putFile(join(folder, 'project', name), text);
const home = (name: string, text: string): void => void putFile(join(folder, 'home', name), text);

async function get(
  text: string,
  more: { readonly offline?: boolean; readonly fileName?: string } = {},
): Promise<(Omit<NamedArchive, 'dispose'> | { readonly message: string })[]> {
  const request = text.includes('://') ? new URL(text) : (readPackageRequest(text) as NamedVersion);
  const options = { env, policy: DEFAULT_POLICY, offline: false, ...more };
  const all = [];
  for await (const archive of namedArchives(request, {
    ...options,
    folder: join(folder, 'project'),
  })) {
    if ('dispose' in archive) onTestFinished(() => archive.dispose?.());
    all.push(archive);
  }
  return all;
}

async function registryWith(...packages: Parameters<Registry['publish']>[0][]): Promise<Registry> {
  const registry = await startRegistry({ packages });
  onTestFinished(() => registry.close());
  return registry;
}

const sent = ({ log }: Registry): (string | undefined)[] =>
  log.map(({ headers }) => headers.authorization);
const tokenFor = (registry: Registry, token: string): string =>
  `//127.0.0.1:${registry.port}/:_authToken=${token}\n`;
const bytes = tgz({ name: 'pkg', version: '1.0.0' });
const other = tgz({ name: 'pkg', version: '1.0.0', files: { 'other.js': '1' } });

describe('a package of npm', () => {
  it('comes from the registry of the user, with the token for it', async () => {
    const registry = await registryWith({ name: '@own/pkg', tgz: bytes });
    home('.npmrc', `@own:registry=${registry.url}/\n${tokenFor(registry, 'own')}`);
    const [archive] = await get('@own/pkg@1.0.0');
    expect(archive).toMatchObject({
      fileName: 'pkg-1.0.0.tgz',
      from: 'registry',
      content: bytes,
      expected: { name: '@own/pkg', version: '1.0.0' },
    });
    expect(new Set(sent(registry))).toEqual(new Set(['Bearer own']));
  });

  it('comes from another host without a token where its document says so', async () => {
    const elsewhere = await registryWith({ name: 'pkg', tgz: bytes });
    const registry = await registryWith({
      name: 'pkg',
      tgz: bytes,
      tarball: `${elsewhere.url}/pkg/-/pkg-1.0.0.tgz`,
    });
    home('.npmrc', `registry=${registry.url}/\n${tokenFor(registry, 'own')}`);
    expect(await get('pkg@1.0.0')).toMatchObject([{ content: bytes }]);
    expect(sent(registry)).toEqual(['Bearer own']);
    expect(sent(elsewhere)).toEqual([undefined]);
  });

  it('comes from the registry that a repository names, which gets no secret of the user', async () => {
    const evil = await registryWith({ name: 'pkg', tgz: bytes });
    const registry = await registryWith({ name: 'pkg', tgz: other });
    home('.npmrc', `registry=${registry.url}/\n${tokenFor(registry, 'own')}`);
    project(
      '.npmrc',
      `registry=${evil.url}/\n${tokenFor(evil, '${SECRET}')}_authToken=\${SECRET}\n`,
    );
    expect(await get('pkg@1.0.0')).toMatchObject([{ content: bytes }]);
    expect(JSON.stringify([...sent(evil), ...evil.log.map(({ path }) => path)])).not.toMatch(
      /own|a-secret/,
    );
    expect(registry.log).toEqual([]);
  });

  it('is not another version that its document has, nor a page that is no document', async () => {
    const registry = await registryWith({ name: 'pkg', version: '2.0.0' });
    registry.file('page', Buffer.from('<html>'));
    home('.npmrc', `registry=${registry.url}/\n`);
    expect(await get('pkg@1.0.0')).toEqual([
      expect.objectContaining({ code: 'NO_BYTES', message: expect.stringContaining('404') }),
    ]);
    expect(await get('pkg@2.0.0')).toMatchObject([{ from: 'registry' }]);
  });

  it('with other bytes than the registry publishes is not taken', async () => {
    const registry = await registryWith({ name: 'pkg', tgz: bytes, integrity: sri(other) });
    home('.npmrc', `registry=${registry.url}/\nfetch-retries=0\n`);
    expect(await get('pkg@1.0.0')).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('do not have the integrity') as string,
      }),
    ]);
  });

  const lock = (integrity: string): string =>
    JSON.stringify({
      name: 'app',
      lockfileVersion: 3,
      packages: {
        '': { name: 'app', dependencies: { pkg: '1.0.0' } },
        'node_modules/pkg': { version: '1.0.0', integrity },
      },
    });

  it('says whether the lockfile of the project pins its bytes', async () => {
    const registry = await registryWith({ name: 'pkg', tgz: bytes });
    home('.npmrc', `registry=${registry.url}/\nfetch-retries=0\n`);
    project('package-lock.json', lock(sri(bytes)));
    expect(await get('pkg@1.0.0')).toMatchObject([{ content: bytes, locked: { isSame: true } }]);
    project('package-lock.json', lock(sri(other)));
    expect(await get('pkg@1.0.0')).toMatchObject([{ content: bytes, locked: { isSame: false } }]);
  });

  it('comes from a cache without a request if a lockfile pins it', async () => {
    const [algorithm, digest = ''] = sri(bytes).split(/-(.*)/s);
    const hex = Buffer.from(digest, 'base64').toString('hex');
    const content = join(hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
    putFile(join(folder, 'home/.npm/_cacache/content-v2', algorithm!, content), bytes);
    project('package-lock.json', lock(sri(bytes)));
    expect(await get('pkg@1.0.0', { offline: true })).toMatchObject([
      { content: bytes, from: 'npm-cache', locked: { isSame: true } },
    ]);
    expect(await get('pkg@2.0.0', { offline: true })).toMatchObject([{ code: 'NO_BYTES' }]);
  });

  it('is not fetched from a registry that announces a huge document', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 10_000_000_000 });
      response.write('{');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    home('.npmrc', `registry=http://127.0.0.1:${port}/\nfetch-retries=0\n`);
    expect(await get('pkg@1.0.0')).toEqual([
      expect.objectContaining({
        code: 'NO_BYTES',
        message: expect.stringContaining('10000000000 bytes') as string,
      }),
    ]);
  });
});

describe('a package of PyPI', () => {
  it('is every file of its version for this machine, or the one that is named', async () => {
    const plain = wheelOf({ name: 'prey' });
    const renamed = (tag: string): typeof plain => ({
      ...plain,
      fileName: plain.fileName.replace('-any', `-${tag}`),
    });
    const dists = [
      plain,
      renamed('macosx_11_0_riscv64'),
      renamed('win_riscv64'),
      wheelOf({ name: 'prey', version: '2.0' }),
    ];
    const index = await startIndex({ dists });
    onTestFinished(() => index.close());
    env['PIP_INDEX_URL'] = index.url;
    expect(await get('pypi:Prey@1.0.0')).toMatchObject([{ fileName: plain.fileName }]);
    const { fileName } = dists[1]!;
    expect(await get('pypi:prey@1.0', { fileName })).toMatchObject([{ fileName }]);
    expect(await get('pypi:prey@1.0', { fileName: 'none.whl' })).toEqual([
      expect.objectContaining({ message: expect.stringContaining(plain.fileName) as string }),
    ]);
    expect(await get('pypi:prey@3.0')).toMatchObject([{ code: 'NO_BYTES' }]);
    expect(await get('pypi:prey@1.0', { offline: true })).toMatchObject([{ code: 'NO_BYTES' }]);
  });
});

describe('an address', () => {
  it('gets no token, and none of a redirect to another scheme', async () => {
    const registry = await registryWith({ name: 'pkg', tgz: bytes });
    home('.npmrc', `registry=${registry.url}/\n${tokenFor(registry, 'own')}`);
    const url = registry.file('pkg.tgz', bytes);
    expect(await get(url)).toMatchObject([{ content: bytes, fileName: 'pkg.tgz', expected: {} }]);
    expect(sent(registry)).toEqual([undefined]);
    const server = createServer((_, response) => {
      response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await get(`http://127.0.0.1:${port}/a.tgz`)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('not an http') as string }),
    ]);
  });
});
