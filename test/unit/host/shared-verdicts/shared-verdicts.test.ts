import { afterEach, describe, expect, it } from 'vitest';
import { signVerdict } from '../../../../packages/host/src/signed-verdicts/index.ts';
import { rejection, signer, TODAY, verdictOn } from '../../../support/signed-verdicts.ts';
import { always, storeOfTest, type StoreOfTest } from '../../../support/verdict-store.ts';
import { ci, here, keyOf, open } from './support.ts';

let store: StoreOfTest | undefined;
afterEach(() => {
  store?.close();
  store = undefined;
});

/** A rejection of which somebody has made an acceptance. */
function tampered(envelope: string): string {
  const { payload, ...rest } = JSON.parse(envelope) as { payload: string };
  const text = Buffer.from(payload, 'base64').toString();
  const changed = text.replace('"reject"', '"accept"').replace('"error"', '"note"');
  expect(changed).not.toBe(text);
  return JSON.stringify({ payload: Buffer.from(changed).toString('base64'), ...rest });
}

describe('SharedVerdicts', () => {
  it.each([verdictOn(), rejection()])(
    'finds what a pinned key signed, and keeps it',
    async (verdict) => {
      store = await storeOfTest(always(signVerdict(here(), verdict, ci.key)));
      const { shared, kept } = open(store.url);
      expect(await shared.find(keyOf())).toEqual(verdict);
      expect(kept).toEqual([[keyOf(), verdict]]);
    },
  );

  it.each<[string, () => string]>([
    ['tampered', () => tampered(signVerdict(here(), rejection(), ci.key))],
    [
      'unsigned',
      () =>
        JSON.stringify({
          ...(JSON.parse(signVerdict(here(), verdictOn(), ci.key)) as object),
          signatures: [],
        }),
    ],
    ['signed by another key', () => signVerdict(here(), verdictOn(), signer().key)],
    [
      'made under another policy',
      () => signVerdict(here('bytes', { policy: 'b'.repeat(64) }), verdictOn(), ci.key),
    ],
    [
      'made by other rules',
      () => signVerdict(here('bytes', { ruleset: '0' }), verdictOn(), ci.key),
    ],
    [
      'about another format',
      () =>
        signVerdict(
          here('bytes', { format: 'yarn-zip' }),
          verdictOn('bytes', { format: 'yarn-zip' }),
          ci.key,
        ),
    ],
    [
      'about another name',
      () =>
        signVerdict(
          here('bytes', { expected: { name: 'b', version: '1.0.0' } }),
          verdictOn(),
          ci.key,
        ),
    ],
    ['about no name', () => signVerdict(here('bytes', { expected: {} }), verdictOn(), ci.key)],
    ['about other bytes', () => signVerdict(here('other'), verdictOn('other'), ci.key)],
  ])('takes one that is %s for absent', async (_, envelope) => {
    store = await storeOfTest(always(envelope()));
    const { shared, kept, givenUp } = open(store.url);
    expect([await shared.find(keyOf()), kept, givenUp]).toEqual([undefined, [], []]);
    expect(store.questions).toHaveLength(1);
  });

  it('takes one of a key whose last day has passed for absent', async () => {
    store = await storeOfTest(always(signVerdict(here(), verdictOn(), ci.key)));
    const other = signer();
    const { shared } = open(store.url, [
      { key: ci.text, notAfter: '2026-11-25' },
      { key: other.text },
    ]);
    expect(await shared.find(keyOf())).toBeUndefined();
    expect(
      await open(store.url, [{ key: ci.text, notAfter: TODAY }]).shared.find(keyOf()),
    ).toBeDefined();
  });

  it('asks for all that is wanted at once in one question, each once', async () => {
    const texts = Array.from({ length: 300 }, (_, index) => `bytes ${index}`);
    store = await storeOfTest(
      always(...texts.map((text) => signVerdict(here(text), verdictOn(text), ci.key))),
    );
    const { shared } = open(store.url);
    const found = await Promise.all([...texts, ...texts].map((text) => shared.find(keyOf(text))));
    expect(found.filter((one) => one !== undefined)).toHaveLength(600);
    expect(store.questions.map((one) => one.length)).toEqual([300]);
  });

  it('asks once for what is wanted again while it is asked for, or was found absent', async () => {
    const envelope = signVerdict(here(), verdictOn(), ci.key);
    let wanted: Promise<unknown> | undefined;
    store = await storeOfTest((_, response) => {
      wanted = shared.find(keyOf());
      response.end(`${envelope}\n`);
    });
    const { shared, kept } = open(store.url);
    const [found, absent] = await Promise.all([shared.find(keyOf()), shared.find(keyOf('two'))]);
    expect([found, await wanted, absent]).toEqual([verdictOn(), verdictOn(), undefined]);
    expect(await shared.find(keyOf('two'))).toBeUndefined();
    expect(kept).toHaveLength(2);
    expect(store.questions).toHaveLength(1);
  });

  it('never asks about one folder of an archive', async () => {
    store = await storeOfTest(always());
    const { shared } = open(store.url);
    expect(await shared.find({ ...keyOf(), folder: 'first' })).toBeUndefined();
    expect(store.questions).toEqual([]);
  });

  it('never asks about an integrity that is not a SHA-512', async () => {
    store = await storeOfTest(always());
    const { shared } = open(store.url);
    for (const integrity of ['sha1-abc=', `sha256-${'a'.repeat(43)}=`, 'x'])
      expect(await shared.find({ integrity })).toBeUndefined();
    expect(store.questions).toEqual([]);
  });

  it.each(['http://store.example/', 'file:///etc/passwd', 'https://user@store.example/', 'x'])(
    'never asks %s',
    async (url) => {
      const { shared, givenUp } = open(url);
      expect(await shared.find(keyOf())).toBeUndefined();
      expect(givenUp).toEqual(['it is not an https address, nor http of this machine']);
    },
  );

  it('takes the rejection of two that were signed, in whatever order they come', async () => {
    const both = [rejection(), verdictOn()].map((one) => signVerdict(here(), one, ci.key));
    for (const envelopes of [both, both.toReversed()]) {
      store = await storeOfTest(always(...envelopes));
      const { shared } = open(store.url);
      const [found] = await Promise.all([shared.find(keyOf()), shared.find(keyOf('two'))]);
      expect(found).toEqual(rejection());
      store.close();
    }
  });
});
