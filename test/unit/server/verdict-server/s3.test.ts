/* A storage that speaks as S3 does, as far as a store of verdicts asks: it checks what signs a request, as the specification has it. */
import { createHmac, hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../../../packages/server/src/verdict-server/storage.ts';

const ENV = {
  AWS_ACCESS_KEY_ID: 'id-of-the-test',
  AWS_SECRET_ACCESS_KEY: 'secret-of-the-test',
  AWS_REGION: 'eu-north-1',
};
const ADDRESS = 'ab'.repeat(32);

/** Signature version 4, as a server reckons it of what it got. */
function isSigned({ method = '', url = '', headers }: IncomingMessage): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
  const [, id, scope = '', names = '', signature] = form.exec(headers.authorization ?? '') ?? [];
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const lines = names.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const body = String(headers['x-amz-content-sha256']);
  const canonical = [method, pathname, String(searchParams), lines.join(''), names, body];
  const date = String(headers['x-amz-date']);
  const text = ['AWS4-HMAC-SHA256', date, scope, hash('sha256', canonical.join('\n'))].join('\n');
  const hmac = (key: string | Buffer, part: string): Buffer =>
    createHmac('sha256', key).update(part).digest();
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${ENV.AWS_SECRET_ACCESS_KEY}`);
  const isWhole = ['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) =>
    names.split(';').includes(name),
  );
  return isWhole && id === ENV.AWS_ACCESS_KEY_ID && hmac(key, text).toString('hex') === signature;
}

let server: Server;
let host: string;
let objects: Map<string, string>;
let signatures: string[];

beforeEach(async () => {
  objects = new Map();
  signatures = [];
  server = createServer((request, response) => {
    signatures.push(request.headers.authorization ?? '');
    const path = request.url ?? '';
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (!isSigned(request)) {
        response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
        return;
      }
      if (request.method === 'PUT') objects.set(path, Buffer.concat(parts).toString());
      const object = objects.get(path);
      if (object === undefined)
        response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      else response.end(request.method === 'PUT' ? '' : object);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

describe('a storage in S3', () => {
  it('keeps envelopes in a bucket, by signed requests', async () => {
    const storage = await openStorage(`s3+http://${host}/verdicts`, ENV);
    expect(await storage.get(ADDRESS)).toEqual([]);
    await storage.put(ADDRESS, '{"payload":"ü"}', 'accept');
    expect(await storage.get(ADDRESS)).toEqual(['{"payload":"ü"}']);
    await storage.put(ADDRESS, '{"payload":"x"}', 'reject');
    await storage.put(ADDRESS, '{"payload":"y"}', 'accept');
    expect(await storage.get(ADDRESS)).toEqual(['{"payload":"x"}', '{"payload":"y"}']);
    expect([...objects.keys()].every((path) => path.startsWith('/verdicts/ab'))).toBe(true);
    for (const one of signatures)
      expect(one).toMatch(/^AWS4-HMAC-SHA256 Credential=id-of-the-test\/\d{8}\/eu-north-1\/s3\//);
    expect(signatures.join()).not.toContain(ENV.AWS_SECRET_ACCESS_KEY);
    await storage.close();
  });

  it('takes an answer that is an error for none, and says which', async () => {
    const storage = await openStorage(`s3+http://${host}/verdicts`, {
      ...ENV,
      AWS_SECRET_ACCESS_KEY: 'another',
    });
    await expect(storage.get(ADDRESS)).rejects.toThrow(/403/);
    await expect(storage.put(ADDRESS, '{}', 'accept')).rejects.toThrow(/SignatureDoesNotMatch/);
    expect(objects.size).toBe(0);
  });

  it('says where it is without credentials', async () => {
    expect((await openStorage(`s3+http://${host}/verdicts`, ENV)).label).toBe(
      `s3+http://${host}/verdicts`,
    );
  });

  it('is not asked without TLS but on this machine', async () => {
    await expect(openStorage('s3+http://s3.example.com/verdicts', ENV)).rejects.toThrow(/TLS/);
  });
});
