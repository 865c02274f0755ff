/* Packages that say where else something lies: npm 10 and 11 would fetch it from there, and nobody would have inspected it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { available, type ManagerName } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { makeUser, startGateway, type Gateway } from './support.ts';

const inner = tgz({ name: 'inner' });

let elsewhere: Server;
let registry: Server;
let gateway: Gateway;
/** Requests to the other place. */
let asked: number;
let versions: (own: string) => Record<string, { tgz: Buffer; manifest: object }>;

const addressOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  elsewhere = createServer((_, response) => {
    asked += 1;
    response.end(inner);
  });
  registry = createServer((request, response) => {
    const [, name = '', dash] = request.url!.split('/');
    const found = versions(addressOf(registry))[name];
    if (found === undefined) response.writeHead(404).end('{}');
    else if (dash !== undefined) response.end(found.tgz);
    else {
      const manifest = { name, version: '1.0.0', ...found.manifest };
      const tags = { latest: '1.0.0' };
      response.end(JSON.stringify({ name, 'dist-tags': tags, versions: { '1.0.0': manifest } }));
    }
  });
  for (const server of [elsewhere, registry]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  gateway = await startGateway(addressOf(registry), makeSandbox({}));
});
afterAll(async () => {
  await gateway.end('SIGTERM');
  for (const server of [elsewhere, registry]) {
    server.close();
    server.closeAllConnections();
  }
});

const managers = (['npm-10', 'npm-11', 'npm-12'] as const satisfies readonly ManagerName[]).filter(
  (name) => available(name).ok,
);

describe.each(managers)('%s', (manager) => {
  test('takes nothing from where a version without a tarball says that it was', async () => {
    asked = 0;
    const place = { _resolved: `${addressOf(elsewhere)}/inner.tgz`, _integrity: sri(inner) };
    versions = () => ({ inner: { tgz: inner, manifest: place } });
    const user = makeUser(gateway);
    const { code } = await user.install(manager, { dependencies: { inner: '1.0.0' } });
    expect({ code, asked, landed: user.landed('inner') }).toEqual({
      code: 1,
      asked: 0,
      landed: false,
    });
  });

  test('takes nothing from where the lockfile in a package says', async () => {
    asked = 0;
    const dependencies = { inner: '1.0.0' };
    const locked = {
      version: '1.0.0',
      resolved: `${addressOf(elsewhere)}/inner/-/inner-1.0.0.tgz`,
      integrity: sri(inner),
    };
    const packages = {
      '': { name: 'outer', version: '1.0.0', dependencies },
      'node_modules/inner': locked,
    };
    const lockfile = { name: 'outer', version: '1.0.0', lockfileVersion: 3, packages };
    const files = { 'npm-shrinkwrap.json': JSON.stringify(lockfile) };
    const outer = tgz({ name: 'outer', manifest: { dependencies }, files });
    const dist = (own: string, name: string, bytes: Buffer): object => ({
      dist: { tarball: `${own}/${name}/-/${name}-1.0.0.tgz`, integrity: sri(bytes) },
    });
    versions = (own) => ({
      inner: { tgz: inner, manifest: dist(own, 'inner', inner) },
      outer: {
        tgz: outer,
        manifest: { dependencies, _hasShrinkwrap: true, ...dist(own, 'outer', outer) },
      },
    });
    const user = makeUser(gateway);
    const { code } = await user.install(manager, { dependencies: { outer: '1.0.0' } });
    expect({ code, asked, landed: user.landed('inner') }).toEqual({
      code: 0,
      asked: 0,
      landed: true,
    });
  });
});
