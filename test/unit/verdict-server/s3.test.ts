/* A storage that speaks as S3 does, as far as a store of verdicts asks. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../../packages/verdict-server/src/index.ts';

const ENV = {
  AWS_ACCESS_KEY_ID: 'id-of-the-test',
  AWS_SECRET_ACCESS_KEY: 'secret-of-the-test',
  AWS_REGION: 'eu-north-1',
};
const ADDRESS = 'ab'.repeat(32);

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
    expect(await storage.get(ADDRESS)).toBeUndefined();
    await storage.put(ADDRESS, '{"payload":"ü"}');
    expect(await storage.get(ADDRESS)).toBe('{"payload":"ü"}');
    expect([...objects.keys()].every((path) => path.startsWith('/verdicts/ab'))).toBe(true);
    for (const one of signatures)
      expect(one).toMatch(/^AWS4-HMAC-SHA256 Credential=id-of-the-test\/\d{8}\/eu-north-1\/s3\//);
    expect(signatures.join()).not.toContain(ENV.AWS_SECRET_ACCESS_KEY);
    await storage.close();
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
