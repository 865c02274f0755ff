/** A registry on the loopback address that keeps what clients upload: npm's documents, and gems. It has no packages. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Upload {
  readonly method: string;
  /** The path as sent. */
  readonly path: string;
  readonly body: Buffer;
  /** The uploaded archive: the attachment of npm's document, or the body itself. */
  readonly archive: Buffer;
}

export interface UploadRegistry {
  /** Without a slash at the end. */
  readonly url: string;
  readonly uploads: Upload[];
  close(): Promise<void>;
}

export async function startUploadRegistry(): Promise<UploadRegistry> {
  const uploads: Upload[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method = '', url: path = '' } = request;
      const isUpload = method === 'PUT' || (method === 'POST' && !path.includes('/-/npm/'));
      if (isUpload) uploads.push({ method, path, body, archive: archiveIn(body) });
      response.writeHead(isUpload ? 201 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isUpload ? { ok: true, stageId: 'stage-1' } : { error: 'none' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    uploads,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function archiveIn(body: Buffer): Buffer {
  if (body[0] !== '{'.charCodeAt(0)) return body;
  const { _attachments: attachments = {} } = JSON.parse(body.toString()) as {
    _attachments?: Record<string, { data: string }>;
  };
  const [first] = Object.values(attachments);
  return Buffer.from(first?.data ?? '', 'base64');
}
