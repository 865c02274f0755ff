import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../../../packages/server/src/verdict-server/storage.ts';
import { verdictServer } from '../../../../packages/server/src/verdict-server/server.ts';
import {
  addressOf,
  signVerdict,
  type PinnedKey,
} from '../../../../packages/host/src/signed-verdicts/index.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { asked, rejection, signer, TODAY, verdictOn } from '../../../support/signed-verdicts.ts';

let folder: string;
let server: Server;
let base: string;
let errors: unknown[];
const ci = signer();
const old = signer({ notAfter: '2026-11-25' });

async function start(keys: readonly PinnedKey[] = ci.pinned, path = folder): Promise<void> {
  const storage = await openStorage(path, {});
  const onError = (error: unknown): void => void errors.push(error);
  server = verdictServer({ storage, keys, today: () => TODAY, onError });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

freshFolder(async (made) => {
  errors = [];
  folder = made;
  await start();
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const envelope = (text = 'bytes', key = ci.key): string =>
  signVerdict(asked(text), verdictOn(text), key);
const address = (text = 'bytes'): string => addressOf(asked(text));

async function put(body: string, at = address()): Promise<number> {
  return (await fetch(`${base}/v1/${at}`, { method: 'PUT', body })).status;
}

async function batch(body: string): Promise<[number, string]> {
  const response = await fetch(`${base}/v1/batch`, { method: 'POST', body });
  return [response.status, await response.text()];
}

describe('verdictServer', () => {
  it('keeps what a pinned key signed, byte for byte, and lets no cache keep it', async () => {
    expect([await put(envelope()), await put(envelope())]).toEqual([201, 200]);
    const response = await fetch(`${base}/v1/${address()}`);
    expect(await response.text()).toBe(envelope());
    // A rejection may come.
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('answers 404 for what it does not have', async () => {
    expect((await fetch(`${base}/v1/${address()}`)).status).toBe(404);
    expect((await fetch(`${base}/v1/..%2f..%2fetc%2fpasswd`)).status).toBe(404);
  });

  it('stores nothing that no pinned key signed', async () => {
    expect(await put(envelope('bytes', signer().key))).toBe(403);
    expect(await put('{}')).toBe(403);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stores nothing under another address', async () => {
    expect(await put(envelope(), address('other'))).toBe(409);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lets a rejection take the place of an acceptance, and not the other way', async () => {
    const reject = signVerdict(asked(), rejection(), ci.key);
    for (const [body, code] of [
      [envelope(), 201],
      [reject, 201],
      [reject, 200],
      [envelope(), 200],
    ] as const)
      expect(await put(body)).toBe(code);
    expect(await (await fetch(`${base}/v1/${address()}`)).text()).toBe(reject);
  });

  it('has an acceptance answered again once the key of a rejection does not count any more', async () => {
    const strict = signer();
    server.close();
    await start([...ci.pinned, ...strict.pinned]);
    expect(await put(envelope())).toBe(201);
    const reject = signVerdict(asked(), rejection(), strict.key);
    expect(await put(reject)).toBe(201);
    const both = await batch(JSON.stringify({ addresses: [address()] }));
    expect(both).toEqual([200, `${reject}\n${envelope()}\n`]);
    server.close();
    await start(ci.pinned);
    expect(await (await fetch(`${base}/v1/${address()}`)).text()).toBe(envelope());
  });

  it('puts a verdict in the place of what is none in its storage', async () => {
    await put(envelope());
    const [part] = readdirSync(folder);
    const [file] = readdirSync(join(folder, part!));
    const path = join(folder, part!, file!);
    writeFileSync(path, readFileSync(path).subarray(0, 500));
    // A guard would ask no more where it saw this.
    expect(await batch(JSON.stringify({ addresses: [address()] }))).toEqual([200, '']);
    expect(await put(envelope())).toBe(201);
    expect(await (await fetch(`${base}/v1/${address()}`)).text()).toBe(envelope());
  });

  it.each<[string, (plain: { payload: string; signatures: object[] }) => string]>([
    ['more beside it', (plain) => JSON.stringify({ ...plain, padding: 'x'.repeat(900_000) })],
    ['lines', (plain) => JSON.stringify(plain, null, 2)],
    ['another spelling', (plain) => JSON.stringify({ ...plain, payload: `${plain.payload}====` })],
    [
      'the signature of a key that does not count any more',
      ({ signatures, ...plain }) => {
        const { signatures: first } = JSON.parse(envelope('bytes', old.key)) as typeof plain & {
          signatures: object[];
        };
        return JSON.stringify({ ...plain, signatures: [...first, ...signatures] });
      },
    ],
  ])('stores what was signed, where somebody else sends it on with %s', async (_, disguise) => {
    server.close();
    await start([...old.pinned, ...ci.pinned]);
    const plain = JSON.parse(envelope()) as { payload: string; signatures: object[] };
    expect(await put(disguise(plain))).toBe(201);
    expect(await batch(JSON.stringify({ addresses: [address()] }))).toEqual([
      200,
      `${envelope()}\n`,
    ]);
  });

  it('answers an address that is none, and does not trouble its operator with it', async () => {
    const { port } = new URL(base);
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.end('GET http://[ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (part) => (text += String(part)));
      socket.on('end', () => resolve(text)).on('error', reject);
    });
    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expect(errors).toEqual([]);
  });

  it('answers a batch with what it has, one a line', async () => {
    await put(envelope());
    await put(envelope('two'), address('two'));
    const addresses = [address(), address('three'), address('two'), 'not an address', 7];
    const [status, text] = await batch(JSON.stringify({ addresses }));
    expect(status).toBe(200);
    expect(text.trim().split('\n').sort()).toEqual([envelope(), envelope('two')].sort());
  });

  it.each([
    ['x', 400],
    ['null', 400],
    ['{"addresses":{}}', 400],
    [JSON.stringify({ addresses: Array(1001).fill('a') }), 400],
    ['x'.repeat(200_000), 413],
  ])('answers a batch that is none with its mistake (%#)', async (body, status) => {
    expect((await batch(body))[0]).toBe(status);
  });

  it('takes no verdict that is too long', async () => {
    expect(await put('x'.repeat(1024 * 1024 + 1))).toBe(413);
  });

  it('says that it is alive, and whether its storage answers', async () => {
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    server.close();
    await start([]);
    expect((await fetch(`${base}/readyz`)).status).toBe(503);
  });

  it('answers 503, and says why to its operator, where the storage fails', async () => {
    server.close();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await start(ci.pinned, file);
    expect(await put(envelope())).toBe(503);
    expect(errors).toHaveLength(1);
  });
});

describe('openStorage', () => {
  it.each([
    ['ftp://example.com/', {}, /not a known storage/],
    ['s3+https://example.com', { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }, /no bucket/],
    ['s3+https://example.com/bucket', {}, /AWS_ACCESS_KEY_ID/],
  ])('refuses %s', async (place, env, message) => {
    await expect(openStorage(place, env)).rejects.toThrow(message);
  });
});
