// @module-tag pip
// @module-tag ruby
/* One process with four registries and TLS, as docs/server/configuration.md describes it, and the real clients of each. */
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificates } from '../../support/certificates.ts';
import { attack } from '../../support/attacks.ts';
import { makeGem } from '../../support/gem/gems.ts';
import { startGemServer, type GemServer } from '../../support/gem/index.ts';
import { system as ruby } from '../../support/gem/rubies.ts';
import { rubyWorld } from '../../support/gem/world.ts';
import {
  MODULE,
  unguarded,
  unpackedAt,
  closeGoBench,
  makeGoBench,
  SUBJECT,
  type Bench,
} from '../../support/go/bench.ts';
import { goEntry, moduleFiles, moduleZip } from '../../support/go/module-zip.ts';
import { available, run, type ManagerName } from '../../support/managers.ts';
import { startIndex, type SimpleIndex } from '../../support/pip/index.ts';
import { wheelOf } from '../../support/pip/packages.ts';
import { system as pip } from '../../support/pip/pips.ts';
import { INTO, pipWorld } from '../../support/pip/world.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startWith, type Gateway } from './support.ts';

const wheels = [wheelOf({ name: 'leaf' }), wheelOf({ name: 'evil', hostile: true })];
const gems = [makeGem({ name: 'leaf' }), makeGem({ name: 'evil', hostile: true })];

let npm: Registry;
let acme: Registry;
let index: SimpleIndex;
let gemServer: GemServer;
let bench: Bench;
let guarding: Sandbox;
let gateway: Gateway;
let file: string;
let ca: { file: string; text: string };
let origin: string;

const registries = (): string[] => [
  'registries:',
  `  npm: { upstream: '${npm.url}', path: /npm/, scopes: { '@acme': '${acme.url}' } }`,
  `  python: { ecosystem: pypi, upstream: '${index.url}', path: /pypi/ }`,
  `  modules: { ecosystem: go, upstream: '${bench.proxy.url}', path: /go/ }`,
];
const gemsLine = (): string =>
  `  gems: { ecosystem: rubygems, upstream: '${gemServer.url}', path: /gems/ }`;

function configure(lines: readonly string[]): void {
  const head = ['listen: 127.0.0.1:0', 'tls: { certificate: tls/server.pem, key: tls/server.key }'];
  guarding.write({ 'server.yaml': `${[...head, ...lines].join('\n')}\n` });
}

beforeAll(async () => {
  [npm, acme] = [await startRegistry(), await startRegistry()];
  index = await startIndex({ dists: wheels, metadata: true });
  gemServer = await startGemServer({ gems });
  bench = await makeGoBench();
  npm.publish({ name: 'clean', manifest: { dependencies: { '@acme/tool': '*' } } });
  npm.publish({ name: '@acme/tool', version: '9.0.0' });
  npm.publish({ name: 'evil', tgz: attack('symlink').build({ name: 'evil', version: '1.0.0' }) });
  acme.publish({ name: '@acme/tool', version: '1.0.0' });
  bench.proxy.publish({
    module: MODULE,
    zip: moduleZip({ module: MODULE, files: moduleFiles(SUBJECT) }),
  });
  guarding = makeSandbox();
  const certificates = makeCertificates(join(guarding.project, 'tls'));
  ca = { file: certificates.files.ca, text: certificates.ca };
  configure([...registries(), gemsLine()]);
  file = join(guarding.project, 'server.yaml');
  gateway = await startWith(['--config', file], guarding);
  origin = new URL(gateway.url).origin;
});
afterAll(async () => {
  await gateway.end('SIGTERM');
  guarding.dispose();
  await npm.close();
  await acme.close();
  index.close();
  gemServer.close();
  await closeGoBench(bench);
});

async function statusOf(path: string): Promise<{ status: number; text: string }> {
  const sent = request(new URL(path, origin), { ca: ca.text, agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  return { status: answer.statusCode!, text: Buffer.concat(parts).toString() };
}

const clients = (['npm-12', 'pnpm-10', 'yarn-4'] as const satisfies readonly ManagerName[]).filter(
  (name) => available(name).ok,
);

describe.each(clients)('%s', (manager) => {
  let user: Sandbox;
  beforeAll(() => {
    user = makeSandbox({ registry: `${origin}/npm` });
    user.env['NODE_EXTRA_CA_CERTS'] = ca.file;
    user.npmrc(`cafile=${ca.file}`);
    user.yarnrc('nodeLinker: node-modules');
  });
  afterAll(() => user.dispose());

  const install = async (name: string) => {
    const project = { name: 'project', version: '1.0.0', dependencies: { [name]: '1.0.0' } };
    user.write({ 'package.json': project, ...(manager === 'yarn-4' && { 'yarn.lock': '' }) });
    return run(manager, ['install'], { sandbox: user });
  };

  test('installs below the path, and takes a scope from its own registry', async () => {
    const { code, stdout, stderr } = await install('clean');
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
    expect(existsSync(join(user.project, 'node_modules/clean/package.json'))).toBe(true);
    expect(npm.log.filter(({ path }) => path.includes('acme'))).toEqual([]);
    expect(acme.downloads()).not.toEqual([]);
  });

  test.skipIf(manager !== 'npm-12')('audits and publishes below the path', async () => {
    user.npmrc(`//${new URL(origin).host}/npm/:_authToken=of-the-user`);
    await run(manager, ['audit'], { sandbox: user });
    await run(manager, ['publish'], { sandbox: user });
    const asked = npm.log.map(({ method, path }) => `${method} ${path.split('?')[0]!}`);
    expect(asked).toContain('POST /-/npm/v1/security/advisories/bulk');
    expect(asked).toContain('PUT /project');
    expect(npm.log.at(-1)!.headers.authorization).toBe('Bearer of-the-user');
    expect(acme.log.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });

  test.skipIf(manager !== 'npm-12')('does not install a hostile package', async () => {
    const { code, stdout, stderr } = await install('evil');
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('evil@1.0.0');
    user.assertSentinelUntouched();
  });
});

test.skipIf(pip === undefined)('pip installs below the path', async () => {
  const world = pipWorld(pip);
  try {
    Object.assign(world.env, { PIP_CERT: ca.file });
    // pip cannot check the certificate of an address without a name.
    const named = origin.replace('127.0.0.1', 'localhost');
    const from = ['--index-url', `${named}/pypi/simple/`];
    expect(await world.bare('pip', 'install', ...INTO, ...from, 'leaf')).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await world.bare('pip', 'install', ...INTO, ...from, 'evil');
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('tarwarden');
  } finally {
    world.dispose();
  }
});

test('go downloads below the path', { tags: ['go'] }, async () => {
  const env = { GOPROXY: `${origin}/go`, SSL_CERT_FILE: ca.file };
  expect(await unguarded(bench, ['mod', 'download'], { env })).toMatchObject({ code: 0 });
  const zip = moduleZip({
    module: `${SUBJECT}@v1.2.4`,
    entries: [goEntry(`${SUBJECT}@v1.2.4/link`, '../../outside', { madeBy: 3, mode: 0o120777 })],
  });
  bench.proxy.publish({ module: `${SUBJECT}@v1.2.4`, zip });
  expect(await unguarded(bench, ['get', `${SUBJECT}@v1.2.4`], { env })).toMatchObject({ code: 1 });
  expect(existsSync(unpackedAt(bench))).toBe(true);
});

test('gem installs below the path', async () => {
  const world = rubyWorld(ruby);
  try {
    Object.assign(world.env, { SSL_CERT_FILE: ca.file });
    const from = ['--clear-sources', '--no-document', '--source', `${origin}/gems/`];
    expect(await world.bare('gem', 'install', ...from, 'leaf')).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await world.bare('gem', 'install', ...from, 'evil');
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('tarwarden: evil-1.0.0.gem is refused');
  } finally {
    world.dispose();
  }
});

test('a reload adds a registry, and an invalid one changes nothing', async () => {
  const more = `  more: { upstream: '${npm.url}', path: /more/ }`;
  expect((await statusOf('/more/clean')).status).toBe(404);
  configure([...registries(), gemsLine(), more]);
  await expect
    .poll(async () => (await statusOf('/more/clean')).status, { timeout: 20_000 })
    .toBe(200);
  configure([...registries(), gemsLine(), more, '  broken: { upstream: nowhere }']);
  gateway.signal('SIGHUP');
  await expect
    .poll(async () => (await statusOf('/-/tarwarden/readyz')).text, { timeout: 20_000 })
    .toContain('the changed configuration is invalid');
  expect(gateway.log.join('\n')).toContain('registries.broken.upstream must be');
  expect((await statusOf('/more/clean')).status).toBe(200);
  configure([...registries(), gemsLine()]);
  gateway.signal('SIGHUP');
  await expect
    .poll(async () => (await statusOf('/more/clean')).status, { timeout: 20_000 })
    .toBe(404);
  expect((await statusOf('/npm/clean')).status).toBe(200);
  expect(readFileSync(file, 'utf8')).not.toContain('more');
});
