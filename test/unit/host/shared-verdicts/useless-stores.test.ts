/* A store that is of no use is asked once, and no more: what it costs an install is bounded, and it gets nothing accepted. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { signVerdict } from '../../../../packages/host/src/signed-verdicts/index.ts';
import { rejection, signer, verdictOn } from '../../../support/signed-verdicts.ts';
import { always, storeOfTest, type StoreOfTest } from '../../../support/verdict-store.ts';
import { ci, here, keyOf, open } from './support.ts';

let store: StoreOfTest | undefined;
afterEach(() => {
  store?.close();
  store = undefined;
});

/** Of a type that this version does not know. */
function otherType(): string {
  const envelope = JSON.parse(signVerdict(here(), verdictOn(), ci.key)) as object;
  return JSON.stringify({ ...envelope, payloadType: 'text/plain' });
}

describe('a store that is of no use', () => {
  it('gives a store up that is down, once and for the whole process', async () => {
    store = await storeOfTest(always());
    const { url } = store;
    store.close();
    const { shared, givenUp } = open(url);
    expect(await Promise.all([shared.find(keyOf()), shared.find(keyOf('two'))])).toEqual([
      undefined,
      undefined,
    ]);
    expect(await shared.find(keyOf('three'))).toBeUndefined();
    expect(givenUp).toHaveLength(1);
  });

  it.each<[string, Parameters<typeof storeOfTest>[0]]>([
    ['answers with an error', (_, response) => void response.writeHead(500).end('x')],
    ['sends elsewhere', (_, response) => void response.writeHead(302, { location: '/x' }).end()],
    ['welcomes', (_, response) => void response.end('<!doctype html>\n<title>Welcome</title>\n')],
    ['answers with JSON', (_, response) => void response.end('{"error":"not found"}')],
    ['answers with an envelope of something else', (_, response) => void response.end(otherType())],
    ['answers with bytes', (_, response) => void response.end(Buffer.alloc(3000, 0xff))],
    ['answers with line feeds', (_, response) => void response.end('\n'.repeat(20_000_000))],
    [
      'answers with more than there can be',
      (_, response) =>
        void response.end(`${signVerdict(here('other'), verdictOn('other'), ci.key)}\n`.repeat(3)),
    ],
    ['breaks off', (_, response) => void response.write('{', () => response.destroy())],
    ['never answers', () => undefined],
    ['never ends', (_, response) => void response.write('{')],
  ])('gives a store up that %s', async (_, answer) => {
    store = await storeOfTest(answer);
    const { shared, givenUp } = open(store.url);
    const before = process.memoryUsage().heapUsed;
    expect(await shared.find(keyOf())).toBeUndefined();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60_000_000);
    expect(await shared.find(keyOf('two'))).toBeUndefined();
    expect(givenUp).toHaveLength(1);
    expect(store.questions).toHaveLength(1);
  });

  it('reads no more than it can use of an answer', async () => {
    store = await storeOfTest((__, response) => {
      const line = `${'x'.repeat(1024 * 1024)}\n`;
      const more = (): void => {
        while (response.write(line));
        response.once('drain', more);
      };
      response.on('close', () => response.removeAllListeners('drain'));
      more();
    });
    const { shared, givenUp } = open(store.url);
    expect(await shared.find(keyOf())).toBeUndefined();
    expect(givenUp.join()).toMatch(/too long|no answer within/);
  });

  it('is given up after all that it may take, however well it answers', async () => {
    store = await storeOfTest((_, response) => void setTimeout(() => response.end(), 60));
    const { shared, givenUp } = open(store.url, undefined, { limits: { question: 1000, all: 50 } });
    expect(await shared.find(keyOf())).toBeUndefined();
    expect(await shared.find(keyOf('two'))).toBeUndefined();
    expect(givenUp).toHaveLength(1);
    expect(store.questions).toHaveLength(1);
  });

  it('has a little more time for each verdict that was asked for, and none for others', async () => {
    const one = signVerdict(here('one'), verdictOn('one'), ci.key);
    store = await storeOfTest((_, response) => void setTimeout(() => response.end(`${one}\n`), 60));
    const { shared, givenUp } = open(store.url, undefined, { limits: { question: 1000, all: 75 } });
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const first = shared.find(keyOf('one'));
    while (store.questions.length < 1) await new Promise(setImmediate);
    clock.mockReturnValue(70);
    expect(await first).toEqual(verdictOn('one'));
    const second = shared.find(keyOf('two'));
    while (store.questions.length < 2) await new Promise(setImmediate);
    clock.mockReturnValue(82);
    expect(await second).toBeUndefined();
    expect(givenUp).toEqual([]);
    const third = shared.find(keyOf('three'));
    while (store.questions.length < 3) await new Promise(setImmediate);
    clock.mockReturnValue(90);
    expect(await third).toBeUndefined();
    expect(givenUp).toHaveLength(1);
  });

  it('has its time counted once, however many questions are under way', async () => {
    const texts = Array.from({ length: 1_000 }, (_, index) => `bytes ${index}`);
    store = await storeOfTest((_, response) => void setTimeout(() => response.end(), 300));
    const limits = { question: 10_000, all: 400 };
    const { shared, givenUp } = open(store.url, undefined, { limits });
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const asking = Promise.all(texts.map((text) => shared.find(keyOf(text))));
    while (store.questions.length < 2) await new Promise(setImmediate);
    // Two that take six seconds each, at once, in a turn of the event loop that counts for 250 ms.
    clock.mockReturnValue(6_000);
    await asking;
    expect(givenUp).toEqual([]);
    expect(store.questions).toHaveLength(2);
  });
});

describe('an answer of the right form', () => {
  it('counts for what is signed in it, where another line is none', async () => {
    const good = [rejection(), verdictOn()].map((one) => signVerdict(here(), one, ci.key));
    store = await storeOfTest(always('x', ...good.slice(0, 1)));
    const { shared, givenUp } = open(store.url);
    expect(await shared.find(keyOf())).toEqual(rejection());
    expect(givenUp).toEqual(['it sent something else than signed verdicts']);
  });

  it('counts for what is signed in it, where there is more than was asked for', async () => {
    const all = ['bytes', 'two', 'three'].map((text) =>
      signVerdict(here(text), rejection(text), ci.key),
    );
    store = await storeOfTest(always(...all));
    const { shared, givenUp } = open(store.url);
    expect(await shared.find(keyOf())).toEqual(rejection());
    expect(await shared.find(keyOf('two'))).toBeUndefined();
    expect(givenUp).toEqual(['it sent more than it was asked for']);
  });

  it('without a verdict, or with those of a stranger, is asked for again', async () => {
    const stranger = signVerdict(here(), verdictOn(), signer().key);
    for (const envelopes of [[], [stranger]]) {
      store = await storeOfTest(always(...envelopes));
      const { shared, givenUp } = open(store.url);
      for (const text of ['bytes', 'two', 'three'])
        expect(await shared.find(keyOf(text))).toBeUndefined();
      expect(givenUp).toEqual([]);
      expect(store.questions).toHaveLength(3);
      store.close();
    }
  });

  it('of an acceptance and a rejection for each that was asked for is read to its end', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `bytes ${index}`);
    const all = texts.flatMap((text) =>
      [verdictOn(text), rejection(text)].map((one) => signVerdict(here(text), one, ci.key)),
    );
    store = await storeOfTest(always(...all));
    const { shared, givenUp } = open(store.url);
    const found = await Promise.all(texts.map((text) => shared.find(keyOf(text))));
    expect(found.map((one) => one?.status)).toEqual(texts.map(() => 'reject'));
    expect(givenUp).toEqual([]);
  });
});
