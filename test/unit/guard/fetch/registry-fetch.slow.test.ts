/** Downloads that take more than one plain request: redirects, credentials, authorities, client certificates. */
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NetworkSettings } from '../../../../packages/guard/src/fetch/fetch-settings.ts';
import { fetchTarball } from '../../../../packages/guard/src/fetch/fetch.ts';
import { integrityOf } from '../../../../packages/guard/src/fetch/integrity.ts';
import { makeCertificates, type Certificates } from '../../../support/certificates.ts';

const bytes = Buffer.from('bytes');

interface Asked {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
}

let servers: Server[] = [];
let asked: Asked[] = [];
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  servers = [];
  asked = [];
});

/** Answers `/from` with a redirect to what `to` gives, everything else with the bytes. */
async function serve(to: (port: number) => string, tls?: object): Promise<number> {
  const server = (tls === undefined ? createServer() : createTlsServer(tls)) as unknown as Server;
  server.on('request', (request, response) => {
    asked.push({ path: request.url, authorization: request.headers.authorization });
    if (request.url !== '/from') return void response.end(bytes);
    response.writeHead(302, { location: to((server.address() as AddressInfo).port) });
    return void response.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const get = (url: string, settings: NetworkSettings): Promise<Buffer> =>
  fetchTarball({ url, settings: { ...settings, retries: 0 }, timeLimit: 10_000 });

describe('a redirect', () => {
  const token = (port: number): NetworkSettings => ({
    byPlace: { [`//127.0.0.1:${port}/:_authToken`]: 'secret' },
  });

  it('to the same host takes the credentials along', async () => {
    const port = await serve((own) => `http://127.0.0.1:${own}/to`);
    expect(await get(`http://127.0.0.1:${port}/from`, token(port))).toEqual(bytes);
    expect(asked).toEqual([
      { path: '/from', authorization: 'Bearer secret' },
      { path: '/to', authorization: 'Bearer secret' },
    ]);
  });

  it('to another host takes none along', async () => {
    const port = await serve((own) => `http://localhost:${own}/to`);
    expect(await get(`http://127.0.0.1:${port}/from`, token(port))).toEqual(bytes);
    expect(asked).toEqual([
      { path: '/from', authorization: 'Bearer secret' },
      { path: '/to', authorization: undefined },
    ]);
  });
});

describe('TLS', { tags: ['openssl'] }, () => {
  let certificates: Certificates;
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'tarwarden-registry-fetch-'));
    certificates = makeCertificates(folder);
    return () => rmSync(folder, { recursive: true });
  });

  /** A server that redirects to itself under its other name, and has to be shown a certificate. */
  const serveTls = (): Promise<number> => {
    const { key, cert, ca } = certificates;
    return serve((own) => `https://localhost:${own}/to`, { key, cert, ca, requestCert: true });
  };

  /** Has npm's network layer used, where a plain request would do. */
  const byPlace = { '//other.example/:_authToken': 'x' };

  it('is checked, in a redirect as well', async () => {
    const { ca, clientCert: cert, clientKey: key } = certificates;
    const url = `https://127.0.0.1:${await serveTls()}/from`;
    expect(await get(url, { byPlace, ca: [ca], cert, key })).toEqual(bytes);
    expect(asked.map(({ path }) => path)).toEqual(['/from', '/to']);
  });

  it('is not trusted without the authority', async () => {
    const { clientCert: cert, clientKey: key } = certificates;
    const url = `https://127.0.0.1:${await serveTls()}/from`;
    await expect(get(url, { byPlace, cert, key })).rejects.toMatchObject({ code: 'FETCH_FAILED' });
    expect(asked).toEqual([]);
  });

  it('is left by a redirect only for bytes that a hash pins', async () => {
    const plain = await serve(() => '/from');
    const { key, cert, ca } = certificates;
    const port = await serve(() => `http://localhost:${plain}/to`, { key, cert });
    const request = {
      url: `https://127.0.0.1:${port}/from`,
      settings: {
        byPlace: { [`//127.0.0.1:${port}/:_authToken`]: 'secret' },
        ca: [ca],
        retries: 0,
      },
      timeLimit: 10_000,
    };
    await expect(fetchTarball(request)).rejects.toThrow('from https to another protocol');
    expect(await fetchTarball({ ...request, integrity: integrityOf(bytes) })).toEqual(bytes);
    expect(asked.map(({ authorization }) => authorization)).toEqual([
      'Bearer secret',
      'Bearer secret',
      undefined,
    ]);
  });

  it('is not tried again where it is not trusted', async () => {
    const port = await serveTls();
    let connections = 0;
    servers.at(-1)!.on('connection', () => (connections += 1));
    const url = `https://127.0.0.1:${port}/from`;
    const settings = { byPlace, retries: 2, retryMinTimeout: 1 };
    const request = fetchTarball({ url, settings, timeLimit: 10_000 });
    await expect(request).rejects.toMatchObject({ code: 'FETCH_FAILED' });
    expect(connections).toBe(1);
  });

  it('is not answered without the client certificate', async () => {
    const { ca } = certificates;
    const url = `https://127.0.0.1:${await serveTls()}/from`;
    await expect(get(url, { byPlace, ca: [ca] })).rejects.toMatchObject({ code: 'FETCH_FAILED' });
    expect(asked).toEqual([]);
  });

  it('is not checked where the user switched that off, in a redirect neither', async () => {
    const { clientCert: cert, clientKey: key } = certificates;
    const url = `https://127.0.0.1:${await serveTls()}/from`;
    expect(await get(url, { byPlace, cert, key, strictSsl: false })).toEqual(bytes);
    expect(asked.map(({ path }) => path)).toEqual(['/from', '/to']);
  });
});
