/** Documents of a service: by https, over the user's proxy and authorities. */
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  fetchDocument,
  isDocumentUrl,
} from '../../../../packages/host/src/fetch/fetch-document.ts';
import { makeCertificates } from '../../../support/certificates.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { startProxy } from '../../../support/proxy.ts';

const closing: (() => Promise<unknown>)[] = [];
let folder: string;
freshFolder((made) => (folder = made));
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Asked {
  readonly method: string | undefined;
  readonly authorization: string | undefined;
}

async function serve(
  tls?: { key: string; cert: string },
  statuses: number[] = [],
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const listener: Parameters<typeof createServer>[1] = ({ method, headers }, response) => {
    asked.push({ method, authorization: headers.authorization });
    response.writeHead(statuses.shift() ?? 200).end('{"a":1}');
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http${tls === undefined ? '' : 's'}://127.0.0.1:${port}/x`, asked };
}

const how = { timeLimit: 20_000, bytesMax: 1000 };

it.each([
  ['https://api.osv.dev', true],
  ['http://127.0.0.1:8080/osv', true],
  ['http://localhost', true],
  ['http://[::1]:1', true],
  ['http://api.osv.dev', false],
  ['http://127.0.0.1.example.com', false],
  ['http://localhost.example.com', false],
  ['https://user:secret@example.com', false],
  ['file:///etc/passwd', false],
  ['//example.com', false],
  ['', false],
])('%s is taken: %s', (url, taken) => {
  expect(isDocumentUrl(url)).toBe(taken);
});

it('refuses http of another machine before anything is sent', async () => {
  const request = fetchDocument({ url: 'http://example.com/x', settings: {}, ...how });
  await expect(request).rejects.toThrow('cannot download http://example.com/x: not an https URL');
});

it('asks without credentials, and again where the server fails for a moment', async () => {
  const { url, asked } = await serve(undefined, [503]);
  const place = `//${new URL(url).host}/:_authToken`;
  const settings = { byPlace: { [place]: 'secret' }, retries: 1 };
  const bytes = await fetchDocument({ url, settings, body: '{}', ...how });
  expect(String(bytes)).toBe('{"a":1}');
  expect(asked).toEqual(
    Array.from({ length: 2 }, () => ({ method: 'POST', authorization: undefined })),
  );
});

it('gives nothing for what the server does not have, asked once', async () => {
  const { url, asked } = await serve(undefined, [404, 404]);
  expect(await fetchDocument({ url, settings: {}, ...how })).toBeUndefined();
  expect(asked).toEqual([{ method: 'GET', authorization: undefined }]);
});

describe('by TLS', { tags: ['openssl'] }, () => {
  it('trusts the authority of the settings, and no other, whatever they say of strictness', async () => {
    const { ca, key, cert } = makeCertificates(join(folder, 'pki'));
    const { url } = await serve({ key, cert });
    const ask = async (settings: object) =>
      String(await fetchDocument({ url, settings: { retries: 0, ...settings }, ...how }));
    expect(await ask({ ca: [ca] })).toBe('{"a":1}');
    await expect(ask({})).rejects.toThrow(/certificate/);
    await expect(ask({ strictSsl: false })).rejects.toThrow(/certificate/);
  });

  it('goes over the proxy of the settings', async () => {
    const { ca, key, cert } = makeCertificates(join(folder, 'pki'));
    const { url } = await serve({ key, cert });
    const proxy = await startProxy();
    closing.push(async () => proxy.close());
    const settings = { ca: [ca], httpsProxy: proxy.url, retries: 0 };
    expect(String(await fetchDocument({ url, settings, ...how }))).toBe('{"a":1}');
    expect(proxy.log).toMatchObject([{ method: 'CONNECT', target: new URL(url).host }]);
  });
});
