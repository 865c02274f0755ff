/*
 * A registry that is honest until the gateway has a verdict, and sends a hostile archive from then on: all of it but the last byte at once, so
 * that a gateway which holds back the last part holds back one byte. No client has a file of it afterwards.
 */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../support/managers.ts';
import { payload, unpackedBelow } from '../../support/payload.ts';
import { wheelOf } from '../../support/pip/packages.ts';
import { system } from '../../support/pip/pips.ts';
import { INTO, pipWorld } from '../../support/pip/world.ts';
import { tgz } from '../../support/pkg.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { clients, makeUser, startGateway, type Gateway, type User } from './support.ts';

const SIZES = { tiny: 1024, middle: 300 * 1024, large: 40 * 1024 * 1024 } as const;
const names = Object.keys(SIZES) as (keyof typeof SIZES)[];

interface Sent {
  readonly good: Buffer;
  readonly bad: Buffer;
}

/** Bytes behind the end of a gzip stream: extractors have unpacked what is before them. */
function padded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(Math.max(length - bytes.length, 1))]);
}

const tarballs = new Map<string, Sent>(
  names.map((name) => {
    const good = tgz({ name, files: { 'a.bin': randomBytes(SIZES[name]) } }, { level: 0 });
    return [`/${name}/-/${name}-1.0.0.tgz`, { good, bad: padded(payload(name), good.length) }];
  }),
);
const wheels = new Map<string, Sent & { readonly fileName: string; readonly project: string }>(
  names.map((project) => {
    const { fileName, bytes: good } = wheelOf({ name: project, padding: SIZES[project] });
    const { bytes } = wheelOf({ name: project, hostile: true });
    const bad = Buffer.concat([Buffer.alloc(Math.max(good.length - bytes.length, 1)), bytes]);
    return [`/${fileName}`, { good, bad, fileName, project }];
  }),
);

const digest = (algorithm: string, bytes: Buffer, encoding: 'hex' | 'base64') =>
  createHash(algorithm).update(bytes).digest(encoding);

let server: Server;
let address: string;
let isHostile = false;
let guarding: Sandbox;
let npmGateway: Gateway;
let pypiGateway: Gateway;
beforeAll(async () => {
  server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!);
    const sent = tarballs.get(path) ?? wheels.get(path);
    if (sent !== undefined) {
      const bytes = isHostile ? sent.bad : sent.good;
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, -1), () =>
        setTimeout(() => response.end(bytes.subarray(-1)), 50),
      );
      return;
    }
    const wheel = [...wheels.values()].find(({ project }) => path === `/simple/${project}/`);
    if (wheel !== undefined) {
      const hash = digest('sha256', wheel.good, 'hex');
      response.setHeader('content-type', 'text/html');
      response.end(`<a href="/${wheel.fileName}#sha256=${hash}">${wheel.fileName}</a>`);
      return;
    }
    const name = path.slice(1);
    const tarball = `${address}/${name}/-/${name}-1.0.0.tgz`;
    const good = tarballs.get(new URL(tarball).pathname)?.good;
    if (good === undefined) return void response.writeHead(404).end('{}');
    const dist = {
      tarball,
      integrity: `sha512-${digest('sha512', good, 'base64')}`,
      shasum: digest('sha1', good, 'hex'),
    };
    const versions = { '1.0.0': { name, version: '1.0.0', dist } };
    response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  guarding = makeSandbox();
  npmGateway = await startGateway(address, guarding);
  pypiGateway = await startGateway(`${address}/simple/`, guarding, { ecosystem: 'pypi' });
  for (const [url, path] of honestUrls()) {
    const answer = await fetch(url);
    if (!Buffer.from(await answer.arrayBuffer()).equals(goodAt(path)))
      throw new Error(`the gateway does not pass on the honest ${path}`);
  }
  isHostile = true;
});
afterAll(async () => {
  await npmGateway.end('SIGTERM');
  await pypiGateway.end('SIGTERM');
  guarding.dispose();
  server.closeAllConnections();
  server.close();
});

const goodAt = (path: string): Buffer => (tarballs.get(path) ?? wheels.get(path))!.good;

function honestUrls(): [url: string, path: string][] {
  return [
    ...[...tarballs.keys()].map((path): [string, string] => [npmGateway.url + path, path]),
    ...[...wheels].map(([path, { project, fileName }]): [string, string] => [
      `${pypiGateway.url}/files/${project}/${fileName}`,
      path,
    ]),
  ];
}

let user: User;
beforeEach(() => {
  user = makeUser(npmGateway);
  // Clients try again after 502, and wait before that.
  Object.assign(user.sandbox.env, { npm_config_fetch_retries: '0' });
  user.sandbox.write({ 'pnpm-workspace.yaml': 'fetchRetries: 0\n' });
});
afterEach(() => user.sandbox.dispose());

describe.each(clients)('%s', (manager) => {
  test.each(names)('has no file of a %s archive', async (name) => {
    const { code } = await user.install(manager, { dependencies: { [name]: '1.0.0' } });
    expect(code).not.toBe(0);
    expect(user.landed(name)).toBe(false);
    expect(user.hostile()).toEqual([]);
  });
});

describe('Yarn 1 with a lockfile', () => {
  test.each(names)('has no file of a %s archive', async (name) => {
    const path = `/${name}/-/${name}-1.0.0.tgz`;
    const good = goodAt(path);
    const resolved = `${npmGateway.url}${path}#${digest('sha1', good, 'hex')}`;
    const entry = [`${name}@1.0.0:`, '  version "1.0.0"', `  resolved "${resolved}"`];
    user.sandbox.write({
      'package.json': { name: 'project', version: '1.0.0', dependencies: { [name]: '1.0.0' } },
      'yarn.lock': `# yarn lockfile v1\n\n\n${entry.join('\n')}\n`,
    });
    const { code } = await run('yarn-1', ['install', '--frozen-lockfile'], user);
    expect(code).not.toBe(0);
    expect(user.landed(name)).toBe(false);
    expect(user.hostile()).toEqual([]);
  });
});

describe('pip', () => {
  test.each(names)('has no file of a %s wheel', async (name) => {
    const world = pipWorld(system);
    const options = ['--retries', '0', '--index-url', `${pypiGateway.url}/simple/`];
    const { code } = await world.bare('pip', 'install', ...INTO, ...options, name);
    expect(code).not.toBe(0);
    expect(existsSync(world.site) ? readdirSync(world.site) : []).toEqual([]);
    world.dispose();
  });
});

describe('curl | tar', () => {
  test.each(names)('unpacks nothing of a %s archive', async (name) => {
    const folder = join(user.sandbox.root, 'unpacked');
    mkdirSync(folder);
    const url = `${npmGateway.url}/${name}/-/${name}-1.0.0.tgz`;
    const line = 'curl -sS "$1" | tee all | tar xz; wc -c < all; grep -c "other bytes" all';
    const { stdout } = await promisify(execFile)('sh', ['-c', line, 'sh', url], { cwd: folder });
    const [bytes, said] = stdout.trim().split('\n').map(Number);
    expect(said).toBe(1);
    expect(bytes).toBeLessThan(500);
    expect(readdirSync(folder)).toEqual(['all']);
    expect(unpackedBelow(folder)).toEqual([]);
  });
});

test('the log says it once for each archive', () => {
  const said = [...npmGateway.log, ...pypiGateway.log].filter((line) => /"mismatch":/.test(line));
  expect(said).toHaveLength(2 * names.length);
  expect(npmGateway.held()).toEqual([]);
});
