/* JSON that is read in threads: the same result as without them, and a thread for each client. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tgz } from '../../../support/pkg.ts';
import { threadProgram } from '../../../support/thread-program.ts';
import { DocumentThreads } from '../../../../packages/server/src/gateway/document-threads.ts';

const STUCK = new URL(
  `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.once('message', () => { for (;;); });")}`,
);

let program: URL;
beforeAll(async () => {
  program = await threadProgram(
    new URL('../../../../packages/server/src/threads/document-thread.ts', import.meta.url),
  );
});

const started: Worker[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(async (worker) => worker.terminate()));
});

function threadsOf(source: URL, idleFor?: number): DocumentThreads {
  return new DocumentThreads(() => {
    const worker = new Worker(source);
    started.push(worker);
    return worker;
  }, idleFor);
}

const here = new DocumentThreads(undefined);
const padding = 'words '.repeat(40_000);
const waiting = { client: 'a' };
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
/** The error of a promise, as a client gets it. */
const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: { status: number; message: string }) => [error.status, error.message],
  );

function publication(): Buffer {
  const bytes = tgz({ name: 'mine', version: '1.0.0' });
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  return json({
    name: 'mine',
    versions: { '1.0.0': { name: 'mine', version: '1.0.0', dist: { integrity } } },
    _attachments: { 'mine-1.0.0.tgz': { data: bytes.toString('base64') } },
    readme: padding,
  });
}

describe('a thread', () => {
  it('ends when it has had nothing to do for a while, and another one begins', async () => {
    const there = threadsOf(program, 1);
    for (const count of [1, 2]) {
      expect(await there.json(json({ a: padding }), waiting)).toEqual(json({ a: padding }));
      expect(started).toHaveLength(count);
      await once(started.at(-1)!, 'exit');
    }
  });

  it('reads publications, manifests, requests and answers as they are read without one', async () => {
    const there = threadsOf(program);
    const about = { name: 'mine', upstream: 'https://registry.example.com' };
    const [published, same] = await Promise.all([
      there.publication(publication(), about, waiting),
      here.publication(publication(), about, waiting),
    ]);
    expect(published).toEqual(same);
    expect(published.archive?.version).toBe('1.0.0');
    const manifest = json({ name: 'mine', version: '1.0.0', readme: padding });
    const rewrite = { name: 'mine', publicUrl: 'https://gateway.example.com' };
    expect(await there.manifest(Buffer.from(manifest), rewrite, waiting)).toEqual(
      await here.manifest(manifest, rewrite, waiting),
    );
    const packed = gzipSync(json({ a: padding }));
    expect(await there.request(Buffer.from(packed), 'gzip', waiting)).toEqual(packed);
    expect(await there.json(json({ a: padding }), waiting)).toEqual(json({ a: padding }));
    expect(await there.json(Buffer.from(padding), waiting)).toBeUndefined();
    // One client, so one thread did all of it.
    expect(started).toHaveLength(1);
    there.close();
    await expect.poll(() => started[0]!.threadId).toBe(-1);
  });

  it('refuses the same, and goes on', async () => {
    const there = threadsOf(program);
    const attached = json({ _Attachments: {}, padding });
    const about = { name: 'other', upstream: 'https://registry.example.com' };
    for (const ask of [
      async (threads: DocumentThreads) =>
        threads.request(Buffer.from(attached), undefined, waiting),
      async (threads: DocumentThreads) => threads.request(Buffer.from(padding), undefined, waiting),
      async (threads: DocumentThreads) => threads.request(Buffer.from(padding), 'gzip', waiting),
      async (threads: DocumentThreads) => threads.publication(publication(), about, waiting),
      async (threads: DocumentThreads) =>
        threads.manifest(
          json({ padding }),
          { name: 'x', publicUrl: 'https://guard.example' },
          waiting,
        ),
    ]) {
      const expected = await failure(ask(here));
      expect(expected).toBeDefined();
      expect(await failure(ask(there))).toEqual(expected);
    }
    expect(started).toHaveLength(1);
    there.close();
  });

  it('of one client does not keep the thread of another one', async () => {
    const there = threadsOf(STUCK);
    const gone = new AbortController();
    const mine = [0, 1, 2].map(async () =>
      failure(there.json(json({ padding }), { client: 'a', gone: gone.signal })),
    );
    await expect.poll(() => started.length).toBe(1);
    const theirs = failure(there.json(json({ padding }), { client: 'b', gone: gone.signal }));
    await expect.poll(() => started.length).toBe(2);
    gone.abort(Object.assign(new Error('gone'), { status: 0 }));
    expect(await Promise.all([...mine, theirs])).toEqual(Array(4).fill([0, 'gone']));
    // Work that nobody waits for is ended, however long it would take.
    await expect.poll(() => started.map(({ threadId }) => threadId)).toEqual([-1, -1]);
  });
});
