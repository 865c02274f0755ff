/* What is pulled before an install: questions of a bounded size, however many packages there are. */
import { afterEach, expect, it } from 'vitest';
import {
  pullVerdicts,
  type Pulled,
} from '../../../../packages/host/src/shared-verdicts/bring-in.ts';
import { trustedVerdicts } from '../../../../packages/host/src/shared-verdicts/settings.ts';
import { addressOf, signVerdict } from '../../../../packages/host/src/signed-verdicts/index.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { TODAY, verdictOn } from '../../../support/signed-verdicts.ts';
import { storeOfTest, type StoreOfTest } from '../../../support/verdict-store.ts';
import { ci, here, keyOf, policy } from './support.ts';

const texts = Array.from({ length: 1_200 }, (_, index) => `bytes ${index}`);
/** All but every tenth. */
const signed = new Map(
  texts
    .filter((_, index) => index % 10 !== 0)
    .map((text) => [addressOf(here(text)), signVerdict(here(text), verdictOn(text), ci.key)]),
);

let store: StoreOfTest;
let folder: string;
freshFolder((made) => (folder = made));
afterEach(() => store.close());

async function pull(onProgress?: (done: number) => void): Promise<Pulled> {
  const env = { XDG_CACHE_HOME: folder };
  const trusted = trustedVerdicts({ keys: [{ key: ci.text }] }, { env, today: TODAY })!;
  const options = { policy, env, trusted, url: store.url, ...(onProgress && { onProgress }) };
  return pullVerdicts(
    options,
    texts.map((text) => keyOf(text)),
  );
}

it('asks for 1,200 in three questions, says how far it is, and asks for what it has no more', async () => {
  store = await storeOfTest(
    (addresses, response) =>
      void response.end(addresses.flatMap((one) => signed.get(one) ?? []).join('\n')),
  );
  const progress: number[] = [];
  expect(await pull((done) => progress.push(done))).toEqual({ asked: 1_200, found: 1_080 });
  expect(store.questions.map((one) => one.length)).toEqual([500, 500, 200]);
  expect(new Set(store.questions.flat()).size).toBe(1_200);
  expect(progress).toHaveLength(3);
  expect(progress.at(-1)).toBe(1_200);
  expect(progress.toSorted((one, other) => one - other)).toEqual(progress);
  expect(await pull()).toEqual({ asked: 120, found: 0 });
  expect(store.questions.slice(3).map((one) => one.length)).toEqual([120]);
});

it('keeps what came before the store went away, and says that it was not asked to the end', async () => {
  store = await storeOfTest((addresses, response) => {
    if (store.questions.length > 1) response.destroy();
    else response.end(addresses.flatMap((one) => signed.get(one) ?? []).join('\n'));
  });
  const { asked, found, problem } = await pull();
  expect([asked, found]).toEqual([1_200, 450]);
  expect(problem).toBeDefined();
  expect(store.questions.length).toBeLessThanOrEqual(2);
  expect((await pull()).asked).toBe(750);
});
