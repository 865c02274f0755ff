// @module-tag openssl
/* The gateway behind a proxy: which requests go through it, with which authorities, and where a redirect may still lead. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates, type Certificates } from '../../../support/certificates.ts';
import { startProxy, type Proxy } from '../../../support/proxy.ts';
import type { Registry } from '../../../support/registry.ts';
import type { Outbound } from '../../../../packages/server/src/gateway/outbound.ts';
import {
  closeWithTest,
  listening,
  registryForTest,
  startGateway,
  type Testing,
} from './support.ts';

const NAMES = ['registry.example.test', 'files.example.test'];

let folder: string;
let certificates: Certificates;
let authorities: readonly string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-outbound-'));
  certificates = makeCertificates(folder, NAMES);
  authorities = [certificates.ca];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Running {
  readonly registry: Registry;
  readonly proxy: Proxy;
  readonly testing: Testing;
}

async function running(
  scheme: 'http' | 'https',
  {
    outbound = {},
    credentials = 'user:p%40ss',
    upstream = 'registry.example.test',
  }: {
    outbound?: Partial<Outbound>;
    credentials?: string;
    upstream?: string;
  },
  work: (parts: Running) => Promise<void>,
): Promise<void> {
  const { key, cert } = certificates;
  const registry = await registryForTest(scheme === 'https' ? { tls: { key, cert } } : {});
  const proxy = await startProxy({ names: NAMES, credentials: 'user:p@ss' });
  closeWithTest(() => proxy.close());
  const address = `${scheme}://${upstream}:${registry.port}`;
  registry.publish({ name: 'clean', tarball: `${address}/clean/-/clean-1.0.0.tgz` });
  const at = proxy.url.replace('//', `//${credentials}@`);
  const testing = await startGateway('http://127.0.0.1:9', {
    registries: [
      {
        upstream: new URL(address),
        outbound: { httpProxy: at, httpsProxy: at, noProxy: [], authorities, ...outbound },
      },
    ],
  });
  await work({ registry, proxy, testing });
}

describe.each(['http', 'https'] as const)('a registry with %s', (scheme) => {
  it('is asked through the proxy, with its own authority and the proxy’s password', async () => {
    await running(scheme, {}, async ({ proxy, testing, registry }) => {
      expect(await testing.ask('/clean')).toMatchObject({ status: 200 });
      expect(await testing.ask('/clean/-/clean-1.0.0.tgz')).toMatchObject({ status: 200 });
      expect(await testing.ask('/-/ping')).toMatchObject({ status: 200 });
      expect(new Set(proxy.log.map(({ method }) => method))).toEqual(
        new Set([scheme === 'https' ? 'CONNECT' : 'GET']),
      );
      expect(registry.log[0]!.headers.host).toBe(`registry.example.test:${registry.port}`);
      expect(registry.log).toHaveLength(3);
    });
  });

  it('is not reached with a wrong password, which nobody is shown', async () => {
    const credentials = 'user:wrong-password';
    await running(scheme, { credentials }, async ({ testing, registry }) => {
      const answered = await testing.ask('/clean');
      expect(answered.status).toBe(502);
      expect(JSON.stringify(testing.log) + answered.body.toString()).not.toContain('wrong-pass');
      expect(registry.log).toEqual([]);
    });
  });

  it('is asked directly if noProxy has its domain', async () => {
    const outbound = { noProxy: ['.example.test'] };
    await running(scheme, { outbound }, async ({ proxy, testing }) => {
      // No name server knows it.
      expect(await testing.ask('/clean')).toMatchObject({ status: 502 });
      expect(proxy.log).toEqual([]);
    });
  });

  it.each(['127.0.0.1', 'localhost'])('is asked directly at %s', async (upstream) => {
    await running(scheme, { upstream }, async ({ proxy, testing }) => {
      expect(await testing.ask('/clean')).toMatchObject({ status: 200 });
      expect(proxy.log).toEqual([]);
    });
  });
});

it('does not believe an authority that nobody has named', async () => {
  await running('https', { outbound: { authorities: [] } }, async ({ testing, registry }) => {
    expect(await testing.ask('/clean')).toMatchObject({ status: 502 });
    expect(registry.log).toEqual([]);
  });
});

it('answers 502 if the proxy refuses or is gone', async () => {
  const upstream = 'unknown.example.test';
  await running('https', { upstream }, async ({ testing, proxy }) => {
    expect(await testing.ask('/clean')).toMatchObject({ status: 502 });
    expect(JSON.stringify(testing.log.at(-1))).toContain('Proxy response (403)');
    await proxy.close();
    expect(await testing.ask('/clean')).toMatchObject({ status: 502 });
  });
});

describe('a redirect behind a proxy', () => {
  const ask = async (location: string): Promise<{ status: number; asked: string[] }> => {
    const { address } = await listening((request, response) => {
      if (request.url!.includes('/-/')) return response.writeHead(302, { location }).end();
      const dist = { tarball: `${address}/moved/-/moved-1.0.0.tgz` };
      const versions = { '1.0.0': { name: 'moved', version: '1.0.0', dist } };
      return response.end(JSON.stringify({ name: 'moved', versions }));
    });
    const proxy = await startProxy({ names: NAMES });
    closeWithTest(() => proxy.close());
    const outbound = {
      httpProxy: proxy.url,
      httpsProxy: proxy.url,
      noProxy: [],
      authorities,
    };
    const testing = await startGateway(address, { outbound });
    const { status } = await testing.ask('/moved/-/moved-1.0.0.tgz');
    return { status, asked: proxy.log.map(({ target }) => target) };
  };

  it.each([
    'https://127.0.0.1/x.tgz',
    'https://[::1]/x.tgz',
    'https://0x7f000001/x.tgz',
    'https://localhost/x.tgz',
    'https://intranet/x.tgz',
    'https://intranet./x.tgz',
    'https://metadata.google.internal/x.tgz',
    'http://files.example.test/x.tgz',
  ])('does not lead to %s', async (location) => {
    expect(await ask(location)).toEqual({ status: 403, asked: [] });
  });

  it('leads to a name with a dot, which the proxy looks up', async () => {
    const { status, asked } = await ask('https://cdn.example.com/x.tgz');
    expect({ status, asked }).toEqual({ status: 502, asked: ['cdn.example.com:443'] });
  });
});
