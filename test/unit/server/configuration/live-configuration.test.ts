// @module-tag openssl
/* A server whose configuration changes while it runs: as a whole or not at all. */
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  applyConfiguration,
  replaceableOptions,
} from '../../../../packages/server/src/configuration/building.ts';
import { readConfiguration } from '../../../../packages/server/src/configuration/configuration-file.ts';
import {
  LiveConfiguration,
  type ReloadReport,
} from '../../../../packages/server/src/configuration/live-configuration.ts';
import { makeCertificates, type Certificates } from '../../../support/certificates.ts';
import { startRegistry, type Registry } from '../../../support/registry.ts';
import { jsonOf, startGateway, type Testing } from '../gateway/support.ts';

let registry: Registry;
let all: string;
let certificates: readonly [Certificates, Certificates];
beforeAll(async () => {
  registry = await startRegistry({ auth: { token: 'second', scope: '@own' } });
  registry.publish({ name: 'clean' });
  registry.publish({ name: '@own/tool' });
  all = mkdtempSync(join(tmpdir(), 'tarwarden-live-'));
  certificates = [makeCertificates(join(all, 'one')), makeCertificates(join(all, 'two'))];
});
afterAll(async () => {
  await registry.close();
  rmSync(all, { recursive: true, force: true });
});

let folder: string;
let path: string;
let testing: Testing | undefined;
let live: LiveConfiguration | undefined;
let reports: ReloadReport[];
beforeEach(() => {
  folder = mkdtempSync(join(all, 'test-'));
  path = join(folder, 'server.yaml');
  reports = [];
});
afterEach(async () => {
  live?.close();
  await testing?.close();
});

/** Replaces a file by renaming, as editors do. */
function write(name: string, text: string): void {
  writeFileSync(join(folder, `${name}.new`), text);
  renameSync(join(folder, `${name}.new`), join(folder, name));
}

const at = (name: string, below: string): string =>
  `  ${name}: { upstream: '${registry.url}', path: ${below} }\n`;
const one = (): string => `registries:\n${at('one', '/one/')}`;

async function start(text: string): Promise<Testing> {
  if (text !== '') write('server.yaml', text);
  const read = (): ReturnType<typeof readConfiguration> => readConfiguration(path);
  const first = read();
  const started = await startGateway(registry.url, {
    ...replaceableOptions(first, {}),
    health: [{ name: 'configuration', problem: () => live?.problem }],
  });
  testing = started;
  live = new LiveConfiguration(first, {
    path,
    read,
    apply: (next) => applyConfiguration(started.gateway, next, {}),
    onReload: (report) => reports.push(report),
    lookEvery: 10,
  });
  return started;
}

const status = async (target: string): Promise<number> => (await testing!.ask(target)).status;
const ready = async (): Promise<string> =>
  (await testing!.ask('/-/tarwarden/readyz')).body.toString();

describe('a changed file', () => {
  it('counts as a whole, and without a restart', async () => {
    await start(one());
    expect([await status('/one/clean'), await status('/two/clean')]).toEqual([200, 404]);
    write('server.yaml', `registries:\n${at('two', '/two/')}`);
    await expect.poll(() => reports).toEqual([{ restart: [] }]);
    expect([await status('/one/clean'), await status('/two/clean')]).toEqual([404, 200]);
  });

  it('that is invalid changes nothing, and is reported until it is valid', async () => {
    await start(one());
    write('server.yaml', `${one()}${at('two', '/one/')}`);
    await expect.poll(() => reports.length).toBe(1);
    expect(reports[0]!.problem).toBe(
      `${path}:3: registries.two has the same host and path as the registry one: give it another path or host`,
    );
    expect([await status('/one/clean'), await status('/two/clean')]).toEqual([200, 404]);
    expect(await ready()).toMatch(
      /^ready: .*\ndegraded: configuration: the changed configuration is invalid, and the one before it is used\n$/,
    );
    expect(await testing!.ask('/-/tarwarden/readyz')).toMatchObject({ status: 200 });
    write('server.yaml', `${one()}${at('two', '/two/')}`);
    await expect.poll(() => reports.length).toBe(2);
    expect(await status('/two/clean')).toBe(200);
    expect(await ready()).not.toContain('invalid');
  });

  it('that is gone changes nothing', async () => {
    await start(one());
    rmSync(path);
    await expect.poll(() => reports[0]?.problem).toContain('cannot be read: ENOENT');
    expect(await status('/one/clean')).toBe(200);
  });

  it('says which keys need a restart', async () => {
    await start(one());
    write('server.yaml', `${one()}listen: 127.0.0.1:1\ncache: { storage: elsewhere }\n`);
    await expect.poll(() => reports).toEqual([{ restart: ['listen', 'cache'] }]);
    expect(await ready()).toContain(
      'degraded: configuration: the change of listen needs a restart; ',
    );
  });

  it('is seen through links, as Kubernetes replaces them', async () => {
    for (const [name, text] of [
      ['..1', one()],
      ['..2', `registries:\n${at('two', '/two/')}`],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'server.yaml'), text);
    }
    symlinkSync('..1', join(folder, '..data'));
    symlinkSync('..data/server.yaml', path);
    await start('');
    symlinkSync('..2', join(folder, '..data.new'));
    renameSync(join(folder, '..data.new'), join(folder, '..data'));
    await expect.poll(() => reports).toEqual([{ restart: [] }]);
    expect(await status('/two/clean')).toBe(200);
  });

  it('is read at SIGHUP', async () => {
    await start(one());
    process.emit('SIGHUP', 'SIGHUP');
    expect(reports).toEqual([{ restart: [] }]);
  });
});

describe('a file that the configuration names', () => {
  it('counts when it changes: a token', async () => {
    write('token', 'first\n');
    const scope = `{ upstream: '${registry.url}', credentials: { tokenFile: token }, readableByAll: true }`;
    await start(
      `registries:\n  npm: { upstream: '${registry.url}', scopes: { '@own': ${scope} } }\n`,
    );
    expect(await status('/@own%2ftool')).toBe(401);
    write('token', 'second\n');
    await expect.poll(() => reports).toEqual([{ restart: [] }]);
    expect(await status('/@own%2ftool')).toBe(200);
    write('token', 'two words\n');
    await expect.poll(() => reports.at(-1)?.problem).toMatch(/must contain one token/);
    expect(reports.at(-1)!.problem).not.toContain('two words');
    expect(await status('/@own%2ftool')).toBe(200);
  });

  it('counts when it changes: a certificate, unless it does not fit its key', async () => {
    const [before, after] = certificates;
    write('tls.crt', before.cert);
    write('tls.key', before.key);
    await start(`${one()}tls: { certificate: tls.crt, key: tls.key }\n`);
    expect(await answeredBy(before)).toEqual([200, 'ok\n']);
    write('tls.crt', after.cert);
    await expect.poll(() => reports[0]?.problem).toMatch(/is not the key of the certificate$/);
    expect(await answeredBy(before)).toEqual([200, 'ok\n']);
    write('tls.key', after.key);
    await expect.poll(() => reports.length).toBe(2);
    expect(await answeredBy(after)).toEqual([200, 'ok\n']);
    await expect(answeredBy(before)).rejects.toThrow(/certificate/);
    const tarball = await answeredBy(after, '/one/clean');
    expect(JSON.stringify(jsonOf({ body: Buffer.from(tarball[1]) } as never))).toContain(
      '"https://localhost:',
    );
  });
});

it('has an example in the documentation that starts as it is written', async () => {
  const page = readFileSync('docs/server/configuration.md', 'utf8');
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const [{ files }] = certificates;
  write('tools.token', 'token');
  write('tls.crt', readFileSync(files.cert, 'utf8'));
  write('tls.key', readFileSync(files.key, 'utf8'));
  write('authority.pem', readFileSync(files.ca, 'utf8'));
  await start(example.replaceAll('/etc/tarwarden', folder));
  const read = readConfiguration(path);
  expect(read.registries.map(({ name }) => name)).toEqual(['npm', 'python', 'modules', 'gems']);
  expect(read.cache).toMatchObject({ bytes: 50 * 1024 ** 3, staleIfError: 86_400_000 });
  expect(await answeredBy(certificates[0])).toEqual([200, 'ok\n']);
});

/** The status and body over TLS, with TLS 1.2 or later and the authority of these certificates. */
async function answeredBy(
  { ca }: Certificates,
  target = '/-/tarwarden/healthz',
): Promise<[number, string]> {
  const { port } = testing!.gateway.server.address() as AddressInfo;
  const sent = request({ host: 'localhost', port, path: target, ca, agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  expect((answer.socket as TLSSocket).getProtocol()).toMatch(/^TLSv1\.[23]$/);
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  return [answer.statusCode!, Buffer.concat(parts).toString()];
}
