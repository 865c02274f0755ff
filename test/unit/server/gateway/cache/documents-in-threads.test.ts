/* Documents that threads read: the cache keeps them whole, although the memory of some of them moves to a thread. */
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { threadProgram } from '../../../../support/thread-program.ts';
import { clean } from '../support.ts';
import { outcomes, useCachedGateway } from './support.ts';

const program = new URL(
  '../../../../../packages/server/src/threads/document-thread.ts',
  import.meta.url,
);
const threads: Worker[] = [];
let source: URL;
beforeAll(async () => {
  source = await threadProgram(program);
});
afterAll(async () => {
  await Promise.all(threads.map(async (thread) => thread.terminate()));
});

function documentThread(): Worker {
  const thread = new Worker(source);
  threads.push(thread);
  return thread;
}

const cached = useCachedGateway((registry) => registry.publish('clean', clean));

const KB = 1024;
const PACKAGE = '/clean';
const VERSION = '/clean/1.0.0';
it.each([
  ['a document read where it is', PACKAGE, 'x'.repeat(100 * KB)],
  ['a document read in a thread', PACKAGE, 'x'.repeat(600 * KB)],
  ['a document of many values', PACKAGE, Array<number>(300 * KB).fill(0)],
  ['a document too long for a shared thread', PACKAGE, 'x'.repeat(9000 * KB)],
  ['a manifest read where it is', VERSION, 'x'.repeat(100 * KB)],
  ['a manifest read in a thread', VERSION, 'x'.repeat(600 * KB)],
])('%s is kept', async (_, path, readme) => {
  const { content } = cached.registry;
  const known = content.get(PACKAGE) as { readonly versions: Record<string, object> };
  content.set(path, { ...(path === PACKAGE ? known : known.versions['1.0.0']), readme });
  cached.registry.headers = { 'cache-control': 'max-age=300' };
  await cached.again({ documentThread });
  const { testing } = cached;
  const first = await testing.ask(path);
  expect(first.status).toBe(200);
  const again = await testing.ask(path);
  expect(again.body.equals(first.body)).toBe(true);
  expect(await outcomes(testing)).toEqual({ 'document miss': 1, 'document hit': 1 });
  await cached.registry.off();
  expect(await testing.ask(path)).toMatchObject({ status: 200 });
  expect(await testing.ask(path, { headers: { 'cache-control': 'no-cache' } })).toMatchObject({
    status: 200,
    headers: { warning: '110 - "Response is Stale"' },
  });
});
