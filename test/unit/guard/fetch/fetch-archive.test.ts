import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchArchive, isNotFound, type ArchiveRequest } from '@tarwarden/guard';
import { startFileServer, type FileServer } from '../../../support/file-server.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let server: FileServer;
let other: FileServer;
let folder: string;
freshFolder(async (fresh) => {
  [server, other] = await Promise.all([startFileServer(), startFileServer()]);
  folder = fresh;
});
afterEach(async () => {
  await Promise.all([server.close(), other.close()]);
});

const request = (path: string, more: Partial<ArchiveRequest> = {}): ArchiveRequest => ({
  url: server.url + path,
  authorizationFor: () => undefined,
  settings: { retries: 0 },
  timeLimit: 30_000,
  bytesMax: 100 * 1024 * 1024,
  ...more,
});
const LARGE = Buffer.alloc(9 * 1024 * 1024, 'x');

describe('fetchArchive', () => {
  it('asks for the credential of each address that it is led to', async () => {
    server.redirects.set('/a', `${other.url}/b`);
    other.files.set('/b', { body: 'text' });
    const asked: string[] = [];
    const { bytes, url } = await fetchArchive(
      request('/a', {
        authorizationFor: (to) => {
          asked.push(to.href);
          return to.origin === server.url ? 'Basic own' : undefined;
        },
      }),
    );
    expect(bytes?.toString()).toBe('text');
    expect(url.href).toBe(`${other.url}/b`);
    expect(asked).toEqual([`${server.url}/a`, `${other.url}/b`]);
    expect([...server.credentials]).toEqual(['Basic own']);
    expect([...other.credentials]).toEqual([]);
  });

  it('writes what is long to a file, and nothing else', async () => {
    server.files.set('/large', { body: LARGE }).set('/small', { body: 'x' });
    const file = join(folder, 'file');
    let made = 0;
    const fileFor = async (): Promise<string> => ((made += 1), file);
    expect((await fetchArchive(request('/small', { fileFor }))).bytes?.toString()).toBe('x');
    expect(made).toBe(0);
    expect((await fetchArchive(request('/large', { fileFor }))).bytes).toBeUndefined();
    expect(readFileSync(file).equals(LARGE)).toBe(true);
    expect((await fetchArchive(request('/large'))).bytes?.equals(LARGE)).toBe(true);
  });

  it('reads no more than it may', async () => {
    server.files.set('/large', { body: LARGE });
    await expect(fetchArchive(request('/large', { bytesMax: 1000 }))).rejects.toThrow('1000');
    expect(server.asked).toEqual(['/large']);
  });

  it.each([302, 404])('closes the connection of an answer %i that never ends', async (status) => {
    server.files.set('/b', { body: 'text' });
    const unended: ServerResponse[] = [];
    const slow = createServer((_, response) => {
      unended.push(response);
      response.writeHead(status, { location: `${server.url}/b`, 'content-length': 10 });
      response.flushHeaders();
    });
    await once(slow.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/a`;
    await fetchArchive(request('', { url })).catch(() => undefined);
    await once(unended[0]!, 'close');
    expect(unended).toHaveLength(1);
    slow.close();
  });

  it('says that there is no such file, without a password', async () => {
    const url = `${server.url.replace('//', '//me:secret@')}/none`;
    const error = await fetchArchive(request('', { url })).catch((one: unknown) => one);
    expect(isNotFound(error)).toBe(true);
    expect(String(error)).toContain('404');
    expect(String(error)).not.toContain('secret');
  });

  it('follows only so many redirects, and only to http', async () => {
    server.redirects.set('/loop', '/loop').set('/odd', 'http://[');
    server.redirects.set('/file', 'file:///etc/passwd').set('/data', 'data:text/plain,bytes');
    const retries = { settings: { retries: 3, retryMinTimeout: 60_000 } };
    await expect(fetchArchive(request('/loop', retries))).rejects.toThrow('more than 10 times');
    await expect(fetchArchive(request('/file', retries))).rejects.toThrow('not an http');
    await expect(fetchArchive(request('/data', retries))).rejects.toThrow('not an http');
    await expect(fetchArchive(request('/odd', retries))).rejects.toThrow('not an address');
  });
});
