/* A storage that speaks as S3 does, as far as this project asks: it checks what signs a request, as the specification has it. */
import { createHmac, hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const S3_ENV = {
  AWS_ACCESS_KEY_ID: 'id-of-the-test',
  AWS_SECRET_ACCESS_KEY: 'secret-of-the-test',
  AWS_REGION: 'eu-north-1',
};
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
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${S3_ENV.AWS_SECRET_ACCESS_KEY}`);
  const isWhole = ['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) =>
    names.split(';').includes(name),
  );
  return (
    isWhole && id === S3_ENV.AWS_ACCESS_KEY_ID && hmac(key, text).toString('hex') === signature
  );
}

export interface FakeS3 {
  readonly host: string;
  /** Contents by path. */
  readonly objects: Map<string, Buffer>;
  /** The `authorization` of all requests. */
  readonly signatures: string[];
  /** Answers each request with this status, if it is set. */
  failing: number | undefined;
  close(): void;
}

export async function fakeS3(): Promise<FakeS3> {
  const objects: FakeS3['objects'] = new Map();
  const signatures: string[] = [];
  const server = createServer((request, response) => {
    signatures.push(request.headers.authorization ?? '');
    const { url: path = '', method } = request;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (storage.failing !== undefined) return void response.writeHead(storage.failing).end();
      if (!isSigned(request))
        return void response
          .writeHead(403)
          .end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
      // S3 itself refuses a body without a length.
      if (method === 'PUT' && request.headers['content-length'] === undefined)
        return void response.writeHead(411).end();
      if (method === 'PUT') objects.set(path, Buffer.concat(parts));
      if (method === 'DELETE')
        return void response.writeHead(204, {}).end(void objects.delete(path));
      const object = objects.get(path);
      if (object === undefined)
        return void response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      response.end(method === 'PUT' ? '' : object);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const storage: FakeS3 = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    signatures,
    failing: undefined,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return storage;
}
