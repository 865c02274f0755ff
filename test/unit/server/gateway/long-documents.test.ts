/* Documents that take long to read: others are answered meanwhile. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attack } from '../../../support/attacks.ts';
import { tgz } from '../../../support/pkg.ts';
import { threadProgram } from '../../../support/thread-program.ts';
import { jsonOf, listening, startGateway, type Testing } from './support.ts';

/** A hostile first version, and one that is not. */
const archivesOf = (name: string): Buffer[] => [
  attack('symlink').build({ name, version: '1.0.0' }),
  tgz({ name, version: '1.0.1' }),
];
const integrityOf = (bytes: Buffer): string =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** What the registry has of a package with so many versions, the first of which is hostile. */
function documentOf(name: string, count: number, readme = ''): object {
  const archives = archivesOf(name);
  const manifests = Array.from({ length: count }, (_, number) => {
    const version = `1.0.${number}`;
    const place = Math.min(number, 1);
    const dist = {
      tarball: `${address}/files/${name}-${place}.tgz`,
      integrity: integrityOf(archives[place]!),
    };
    return { name, version, dist, readme };
  });
  const versions = Object.fromEntries(manifests.map((one) => [one.version, one]));
  return { name, 'dist-tags': { latest: `1.0.${count - 1}` }, versions };
}

let program: URL;
beforeAll(async () => {
  program = await threadProgram(
    new URL('../../../../packages/server/src/threads/document-thread.ts', import.meta.url),
  );
});

let address: string;
let pages: Map<string, Buffer>;
let testing: Testing;
let threads: Worker[];
beforeEach(async () => {
  threads = [];
  ({ address } = await listening((request, response) => {
    const page = pages.get(request.url!);
    const isPacked = request.url === '/long';
    response.writeHead(
      page === undefined ? 404 : 200,
      isPacked ? { 'content-encoding': 'gzip' } : {},
    );
    response.end(page ?? '{}');
  }));
  const long = Buffer.from(JSON.stringify(documentOf('long', 20_000, 'words '.repeat(200))));
  pages = new Map([
    ['/long', gzipSync(long, { level: 1 })],
    [
      '/many',
      Buffer.from(
        JSON.stringify({ ...documentOf('many', 3), x: Array.from({ length: 150_000 }, () => 1) }),
      ),
    ],
    ['/emptied', Buffer.from(`{"versions":{"x":[${'1,'.repeat(150_000)}1]}}`)],
    ['/small', Buffer.from(JSON.stringify(documentOf('small', 3)))],
    ...['many', 'small'].flatMap((name) =>
      archivesOf(name).map((bytes, place) => [`/files/${name}-${place}.tgz`, bytes] as const),
    ),
  ]);
});
afterEach(async () => {
  await Promise.all(threads.map(async (one) => one.terminate()));
});

async function begin(
  source: URL | undefined,
  more: { readonly hideRefused?: boolean } = {},
): Promise<void> {
  const startThread = (): Worker => {
    const worker = new Worker(source!);
    threads.push(worker);
    return worker;
  };
  testing = await startGateway(address, {
    publicUrl: 'http://gateway.example.com',
    ...more,
    ...(source && { documentThread: startThread }),
  });
}

const STUCK = new URL(
  `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.once('message', () => { for (;;); });")}`,
);
const DYING = new URL(
  `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.once('message', () => process.exit());")}`,
);
const THROWING = new URL(
  `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.once('message', () => { throw new Error('odd'); });")}`,
);

describe('a long document', () => {
  it('keeps nobody waiting for small ones and for archives', async () => {
    await begin(program);
    const order: string[] = [];
    const noted = async (name: string, target: string): Promise<void> => {
      expect((await testing.ask(target)).status).toBe(200);
      order.push(name);
    };
    const long = noted('long', '/long');
    await expect.poll(() => threads.length).toBe(1);
    await noted('small', '/small');
    await noted('archive', '/small/-/small-1.0.1.tgz');
    await noted('health', '/-/tarwarden/healthz');
    await long;
    expect(order).toEqual(['small', 'archive', 'health', 'long']);
  });

  it.each(['/long', '/many', '/emptied'])('is the same from a thread: %s', async (target) => {
    await begin(undefined);
    const here = await testing.ask(target);
    await testing.close();
    await begin(program);
    const there = await testing.ask(target);
    // A document with many values is found to be one by a thread for others, and then has its own.
    expect(threads).toHaveLength(target === '/long' ? 1 : 2);
    expect(there).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(there.body.equals(here.body)).toBe(true);
    await expect.poll(() => threads.at(-1)!.threadId).toBe(-1);
  });

  it('names archives, which pass or not, and what is refused is hidden', async () => {
    await begin(program, { hideRefused: true });
    expect((await testing.ask('/many/-/many-1.0.0.tgz')).status).toBe(403);
    expect((await testing.ask('/many/-/many-1.0.1.tgz')).body.equals(archivesOf('many')[1]!)).toBe(
      true,
    );
    const { versions } = jsonOf(await testing.ask('/many'));
    expect(Object.keys(versions as object)).toEqual(['1.0.1', '1.0.2']);
    expect(threads).toHaveLength(3);
  });

  it('that nobody waits for any more ends its thread, and the next one is read', async () => {
    await begin(STUCK);
    const target = `${testing.url}/many`;
    const leave = new AbortController();
    const asked = fetch(target, { signal: leave.signal }).catch(() => undefined);
    await expect.poll(() => threads.length).toBe(1);
    expect((await testing.ask('/small')).status).toBe(200);
    const ended = once(threads[0]!, 'exit');
    leave.abort();
    await Promise.all([ended, asked]);
    const again = new AbortController();
    const next = fetch(target, { signal: again.signal }).catch(() => undefined);
    await expect.poll(() => threads.length).toBe(2);
    again.abort();
    await next;
    expect(testing.log.filter(({ msg }) => msg === 'the gateway failed')).toEqual([]);
  });

  it.each([
    ['ends', DYING],
    ['fails', THROWING],
    ['cannot be started', new URL('file:///nowhere/thread.js')],
  ])('whose thread %s is a failure that clients try again', async (_, source) => {
    await begin(source);
    expect(await testing.ask('/many')).toMatchObject({ status: 502 });
    expect(await testing.ask('/many/-/many-1.0.1.tgz')).toMatchObject({ status: 502 });
    expect((await testing.ask('/small')).status).toBe(200);
  });

  it('that is none is the failure of the registry', async () => {
    await begin(program);
    pages.set('/many', Buffer.from(`[${'1,'.repeat(150_000)}1]`));
    const got = await testing.ask('/many');
    expect(got).toMatchObject({ status: 502, phrase: 'the registry sent what is not a document' });
  });
});
