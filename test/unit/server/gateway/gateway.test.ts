/* The gateway as its clients see it: who learns what, and what documents say. */
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Registry } from '../../../support/registry.ts';
import {
  clean,
  hostile,
  jsonOf,
  listening,
  startFronted,
  startGateway,
  type Testing,
} from './support.ts';

let registry: Registry;
let testing: Testing;

async function begin(...args: Parameters<typeof startFronted>): Promise<void> {
  ({ registry, testing } = await startFronted(...args));
}

describe('users', () => {
  const signedIn = (token: string): { headers: { authorization: string } } => ({
    headers: { authorization: `Bearer ${token}` },
  });

  beforeEach(async () => begin({ auth: { token: 'right', scope: '@own' } }));

  it('have what the registry gives them, and not what it gave others', async () => {
    registry.publish({ name: '@own/thing' });
    registry.publish({ name: '@own/evil', tgz: hostile });
    const good = '/@own/thing/-/thing-1.0.0.tgz';
    const bad = '/@own/evil/-/evil-1.0.0.tgz';
    expect(await testing.ask(good, signedIn('right'))).toMatchObject({ status: 200 });
    expect(await testing.ask(good, signedIn('right'))).toMatchObject({ status: 200 });
    expect(await testing.ask(bad, signedIn('right'))).toMatchObject({ status: 403 });
    for (const other of [signedIn('wrong'), {}])
      for (const target of [good, bad, '/@own%2fthing'])
        expect(await testing.ask(target, other)).toMatchObject({ status: 401 });
  });

  it('are in no log, and in no other host', async () => {
    registry.publish({ name: '@own/evil', tgz: hostile });
    await testing.ask('/@own/evil/-/evil-1.0.0.tgz?token=secret', signedIn('right'));
    await testing.ask('/@own/none/-/x.tgz?token=secret', signedIn('secret'));
    await testing.ask('/-/user/token/secret', { method: 'DELETE', ...signedIn('secret') });
    await testing.ask('/-/nothing?secret', signedIn('secret'));
    expect(testing.log.length).toBeGreaterThan(2);
    expect(JSON.stringify(testing.log)).not.toMatch(/secret|right|bearer/i);
  });
});

describe('redirects', () => {
  it('take nobody along to another host, and bring nobody back', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await listening((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: request.url!.slice('/to?'.length) }).end();
    });
    let target = '';
    const own = await listening((request, response) => {
      const host = `http://${request.headers.host}`;
      if (request.url === '/clean') {
        const dist = { tarball: `${host}/clean/-/clean-1.0.0.tgz` };
        const versions = { '1.0.0': { name: 'clean', version: '1.0.0', dist } };
        return void response.end(JSON.stringify({ name: 'clean', versions }));
      }
      if (request.url!.startsWith('/clean/-/'))
        return void response.writeHead(302, { location: target }).end();
      if (request.url === '/-/whoami') return void response.writeHead(401).end();
      seen.push(request.headers.authorization);
      response.end(clean);
    });
    await begin();
    await testing.close();
    testing = await startGateway(own.address, { allowedHosts: [new URL(elsewhere.address).host] });
    const headers = { authorization: 'Bearer mine' };
    target = `${elsewhere.address}/to?${own.address}/admin`;
    expect(await testing.ask('/clean/-/clean-1.0.0.tgz', { headers })).toMatchObject({
      status: 200,
    });
    expect(seen).toEqual([undefined, undefined]);
    target = `${own.address}/stored`;
    expect(await testing.ask('/clean/-/clean-1.0.0.tgz', { headers })).toMatchObject({
      status: 200,
    });
    expect(seen.at(-1)).toBe('Bearer mine');
    for (const wrong of [
      'http://example.invalid/a',
      'https://127.0.0.1:1/a',
      'https://[::1]/a',
      'file:///etc/passwd',
    ]) {
      target = wrong;
      expect(await testing.ask('/clean/-/clean-1.0.0.tgz', { headers })).toMatchObject({
        status: 403,
      });
    }
    target = `${own.address}/clean/-/again`;
    expect(await testing.ask('/clean/-/clean-1.0.0.tgz', { headers })).toMatchObject({
      status: 502,
    });
    for (const { server } of [own, elsewhere]) {
      server.close();
      server.closeAllConnections();
    }
  });
});

describe('requests as no client of npm writes them', () => {
  beforeEach(async () => begin());

  async function raw(...lines: string[]): Promise<string> {
    const socket = connect(Number(new URL(testing.url).port), '127.0.0.1');
    socket.end(`${lines.join('\r\n')}\r\n\r\n`);
    let text = '';
    for await (const part of socket.setEncoding('latin1') as AsyncIterable<string>) text += part;
    return text.split('\r\n', 1)[0]!;
  }

  it.each<[string, number, string[]]>([
    ['to another host', 404, [`GET http://elsewhere.example/clean HTTP/1.1`, 'Host: x']],
    ['to none', 400, ['GET /clean HTTP/1.1']],
    [
      'with two lengths',
      400,
      ['PUT /clean HTTP/1.1', 'Host: x', 'Content-Length: 3', 'Transfer-Encoding: chunked'],
    ],
    ['of a stranger kind', 404, ['OPTIONS /clean HTTP/1.1', 'Host: x', 'Connection: close']],
    ['up a folder', 404, ['GET /clean/../evil HTTP/1.1', 'Host: x', 'Connection: close']],
    [
      'with conditions',
      417,
      ['PUT /clean HTTP/1.1', 'Host: x', 'Expect: more', 'Connection: close'],
    ],
  ])('%s are answered with %i', async (_, status, lines) => {
    expect(await raw(...lines)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(registry.log).toEqual([]);
  });

  it('are no tunnel', async () => {
    expect(await raw('CONNECT elsewhere.example:443 HTTP/1.1', 'Host: x')).toBe('');
  });
});

describe('documents', () => {
  beforeEach(async () => begin());

  it('name the gateway, whoever a request says that it is', async () => {
    const document = jsonOf(await testing.ask('/clean', { headers: { host: 'evil.example' } }));
    expect(JSON.stringify(document)).not.toContain('evil.example');
    expect(JSON.stringify(document)).toContain(`"${testing.url}/clean/-/clean-1.0.0.tgz"`);
    const local = await testing.ask('/clean', { headers: { host: 'LocalHost:4' } });
    expect(local.body.toString()).toContain('"http://localhost:4/clean/-/clean-1.0.0.tgz"');
    const manifest = jsonOf(await testing.ask('/clean/latest', { headers: { host: 'x.example' } }));
    expect(manifest).toMatchObject({
      version: '1.0.0',
      dist: { tarball: `${testing.url}/clean/-/clean-1.0.0.tgz` },
    });
  });

  it('are private to who asked, and 404 where there are none', async () => {
    const { headers } = await testing.ask('/clean');
    expect(headers).toMatchObject({
      'cache-control': 'private, no-cache',
      vary: expect.stringContaining('authorization') as string,
      'x-content-type-options': 'nosniff',
    });
    expect(await testing.ask('/none')).toMatchObject({ status: 404 });
    expect(await testing.ask('/none/1.0.0')).toMatchObject({ status: 404 });
    expect(await testing.ask('/clean', { method: 'POST' })).toMatchObject({ status: 404 });
  });

  it('leave out what is known to be refused, if somebody wants that', async () => {
    registry.publish({ name: 'evil', version: '0.9.0' });
    registry.publish({ name: 'evil', tgz: hostile });
    await testing.close();
    testing = await startGateway(registry.url, { hideRefused: true });
    expect(jsonOf(await testing.ask('/evil'))['dist-tags']).toEqual({ latest: '1.0.0' });
    await testing.ask('/evil/-/evil-1.0.0.tgz');
    const { versions, 'dist-tags': tags } = jsonOf(await testing.ask('/evil'));
    expect(Object.keys(versions as object)).toEqual(['0.9.0']);
    expect(tags).toEqual({ latest: '0.9.0' });
  });
});

describe('pages of its own', () => {
  beforeEach(async () => begin());

  it('say that it runs, refuses what is hostile, and counts', async () => {
    expect(await testing.ask('/-/tarwarden/healthz')).toMatchObject({ status: 200 });
    const ready = await testing.ask('/-/tarwarden/readyz');
    expect(ready.body.toString()).toMatch(/^ready: a hostile archive is refused, rule set \d+\n$/);
    await testing.ask('/evil/-/evil-1.0.0.tgz');
    const metrics = (await testing.ask('/-/tarwarden/metrics')).body.toString();
    expect(metrics).toContain('tarwarden_inspected_total{result="reject"} 1');
    expect(metrics).toContain('tarwarden_refused_total{on="download"} 1');
    expect(metrics).toContain('tarwarden_bytes_held 0');
    expect(metrics).not.toContain('evil');
    expect(await testing.ask('/-/tarwarden/other')).toMatchObject({ status: 404 });
  });

  it('say that it is not ready where it accepts everything, or nothing can be inspected', async () => {
    const { headers } = registry.log[0] ?? {};
    expect(headers).toBeUndefined();
    const rejects = async (): Promise<never> =>
      ({ status: 'reject', findings: [{ rule: 'symlink' }] }) as never;
    const accepts = async (): Promise<never> => ({ status: 'accept', findings: [] }) as never;
    const fails = async (): Promise<never> => Promise.reject(new Error('no threads'));
    for (const threads of [
      { inspect: accepts, inspectFile: rejects },
      { inspect: rejects, inspectFile: accepts },
      { inspect: fails, inspectFile: rejects },
      { inspect: rejects, inspectFile: fails },
    ]) {
      await testing.close();
      testing = await startGateway(registry.url, { threads });
      const { status, body } = await testing.ask('/-/tarwarden/readyz');
      expect(status).toBe(503);
      expect(body.toString()).toMatch(/^not ready: /);
    }
  });
});
