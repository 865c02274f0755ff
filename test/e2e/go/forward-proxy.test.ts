/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY: module proxies of names that only a forward proxy knows, as go itself reaches them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { goAttacks } from '../../support/attacks/go-zip.ts';
import { makeCertificates, type Certificates } from '../../support/certificates.ts';
import {
  closeGoBench,
  guarded,
  makeGoBench,
  MODULE,
  unguarded,
  type Bench,
} from '../../support/go/bench.ts';
import { startProxy, type Proxy } from '../../support/proxy.ts';

const NAME = 'mods.tarwarden.invalid';
const hostile = goAttacks.find(({ name }) => name === 'symlink')!.bytes;

describe('through a forward proxy', { tags: ['go', 'openssl'] }, () => {
  let folder = '';
  let certificates: Certificates;
  let bench: Bench;
  let forward: Proxy;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tarwarden-go-forward-'));
    certificates = makeCertificates(folder, [NAME]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(async () => {
    await forward.close();
    await closeGoBench(bench);
  });

  /** Both gos, each with a cache of its own, and what the forward proxy was asked. */
  async function both(
    env: NodeJS.ProcessEnv,
  ): Promise<Record<'plain' | 'own', { code: number | null; stderr: string; asked: string[] }>> {
    const run = async (go: typeof guarded, GOMODCACHE: string) => {
      const { code, stderr } = await go(bench, ['run', '.'], { env: { ...env, GOMODCACHE } });
      const asked = forward.log.splice(0).map(({ method, target, status, authorization }) => {
        const from = authorization === undefined ? '' : ` as ${authorization}`;
        return `${method} ${target}${from} ${status}`;
      });
      return { code, stderr, asked: [...new Set(asked)] };
    };
    return {
      plain: await run(unguarded, join(bench.sandbox.root, 'plain')),
      own: await run(guarded, bench.modcache),
    };
  }

  describe('by https', () => {
    let address: string;
    let env: NodeJS.ProcessEnv;
    beforeEach(async () => {
      bench = await makeGoBench({ tls: certificates });
      forward = await startProxy({ names: [NAME], credentials: 'me:hunter2' });
      bench.proxy.publish({ module: MODULE });
      address = `${NAME}:${new URL(bench.proxy.url).port}`;
      const HTTPS_PROXY = forward.url.replace('//', '//me:hunter2@');
      // The one for http leads nowhere.
      const HTTP_PROXY = 'http://127.0.0.1:1';
      const SSL_CERT_FILE = certificates.files.ca;
      env = { GOPROXY: `https://${address}`, HTTPS_PROXY, HTTP_PROXY, SSL_CERT_FILE };
    });

    test('asks HTTPS_PROXY with its password, and refuses a hostile module', async () => {
      const { plain, own } = await both(env);
      expect(plain).toMatchObject({ code: 0, stderr: expect.stringMatching(/clean\n$/) });
      expect(own).toMatchObject({ code: 0, stderr: expect.stringMatching(/clean\n$/) });
      expect(own.asked).toEqual(plain.asked);
      expect(own.asked).toEqual([
        `CONNECT ${address} as Basic ${Buffer.from('me:hunter2').toString('base64')} 200`,
      ]);
      bench.proxy.publish({ module: MODULE, zip: hostile });
      const GOMODCACHE = join(bench.sandbox.root, 'other');
      const refused = await guarded(bench, ['run', '.'], { env: { ...env, GOMODCACHE } });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`tarwarden: refused ${MODULE}`);
      expect(refused.stdout + refused.stderr).not.toContain('hunter2');
    });

    test('fails where that refuses, and does not say the password', async () => {
      const HTTPS_PROXY = forward.url.replace('//', '//me:hunter3@');
      const { plain, own } = await both({ ...env, HTTPS_PROXY });
      expect([plain.code, own.code]).toEqual([1, 1]);
      expect(own.stderr).toContain('407');
      expect(own.stderr).not.toContain('hunter3');
    });

    test.each([NAME, '.tarwarden.invalid', '*', `x,${NAME}:443,*.invalid`])(
      'does not where NO_PROXY is %s',
      async (NO_PROXY) => {
        const { plain, own } = await both({ ...env, NO_PROXY });
        expect([plain.code, own.code]).toEqual([1, 1]);
        expect(own.asked).toEqual(plain.asked);
        expect(own.asked).toEqual([]);
        expect(own.stderr).toContain('ENOTFOUND');
      },
    );

    test('does where NO_PROXY is about others', async () => {
      const { plain, own } = await both({ ...env, NO_PROXY: `.${NAME},${NAME}:1,127.0.0.0/8` });
      expect([plain.code, own.code]).toEqual([0, 0]);
      expect(own.asked).toEqual(plain.asked);
    });
  });

  test('by http: asks HTTP_PROXY, not HTTPS_PROXY', async () => {
    bench = await makeGoBench();
    forward = await startProxy({ names: [NAME] });
    bench.proxy.publish({ module: MODULE });
    const GOPROXY = bench.proxy.url.replace('127.0.0.1', NAME);
    const env = { GOPROXY, http_proxy: forward.url, HTTPS_PROXY: 'http://127.0.0.1:1' };
    const { plain, own } = await both(env);
    expect([plain.code, own.code]).toEqual([0, 0]);
    expect(own.asked.toSorted()).toEqual(plain.asked.toSorted());
    expect(own.asked).toContain(`GET ${GOPROXY}/example.org/team/subject/@v/v1.2.3.zip 200`);
  });

  test('that is none: says so, not its password', async () => {
    bench = await makeGoBench();
    forward = await startProxy();
    const env = { GOPROXY: `http://${NAME}`, HTTP_PROXY: 'gopher://me:hunter2@127.0.0.1' };
    const { code, stderr } = await guarded(bench, ['build', '.'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('HTTP_PROXY is not the address of a proxy');
    expect(stderr).not.toContain('hunter2');
  });
});
