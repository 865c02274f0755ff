import { afterEach, describe, expect, it } from 'vitest';
import { RULESET } from '../../../../packages/core/src/ruleset.ts';
import { DEFAULT_POLICY, type Policy } from '../../../../packages/core/src/policy/policy.ts';
import type { Verdict } from '../../../../packages/core/src/finding/verdict.ts';
import { SharedVerdicts } from '../../../../packages/host/src/shared-verdicts/shared-verdicts.ts';
import { trustedVerdicts } from '../../../../packages/host/src/shared-verdicts/settings.ts';
import { PolicyFingerprints } from '../../../../packages/host/src/verdict-store/policy-fingerprint.ts';
import type { VerdictKey } from '../../../../packages/host/src/verdict-store/verdict-store.ts';
import { signVerdict, type Asked } from '../../../../packages/verdicts/src/index.ts';
import {
  asked,
  rejection,
  sha512Hex,
  signer,
  TODAY,
  verdictOn,
} from '../../../support/signed-verdicts.ts';
import { always, storeOfTest, type StoreOfTest } from '../../../support/verdict-store.ts';

const policy: Policy = { ...DEFAULT_POLICY, today: TODAY };
const ci = signer();
let store: StoreOfTest | undefined;
afterEach(() => {
  store?.close();
  store = undefined;
});

/** What would be asked about bytes under the policy of these tests. */
const here = (text: string = 'bytes', more: Partial<Asked> = {}): Asked =>
  asked(text, {
    ruleset: RULESET,
    policy: new PolicyFingerprints(policy).of(sha512Hex(text)),
    ...more,
  });

const keyOf = (text: string = 'bytes'): VerdictKey => ({
  integrity: `sha512-${Buffer.from(sha512Hex(text), 'hex').toString('base64')}`,
  expected: { name: '@scope/left', version: '1.0.0' },
});

/** A rejection of which somebody has made an acceptance. */
function tampered(envelope: string): string {
  const { payload, ...rest } = JSON.parse(envelope) as { payload: string };
  const text = Buffer.from(payload, 'base64').toString();
  const changed = text.replace('"reject"', '"accept"').replace('"error"', '"note"');
  expect(changed).not.toBe(text);
  return JSON.stringify({ payload: Buffer.from(changed).toString('base64'), ...rest });
}

interface Opened {
  readonly shared: SharedVerdicts;
  readonly kept: [VerdictKey, Verdict][];
  readonly givenUp: string[];
}

function open(
  url: string,
  texts: readonly { key: string; notAfter?: string }[] = [{ key: ci.text }],
): Opened {
  const trusted = trustedVerdicts({ url, keys: texts }, { env: {}, today: TODAY })!;
  const kept: [VerdictKey, Verdict][] = [];
  const givenUp: string[] = [];
  const shared = new SharedVerdicts({
    trusted: { ...trusted, url },
    policy,
    keep: (key, verdict) => kept.push([key, verdict]),
    onGivenUp: (why) => givenUp.push(why),
  });
  return { shared, kept, givenUp };
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
    ['no verdict', () => '{}'],
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

  it('never asks about an integrity that is not a SHA-512', async () => {
    store = await storeOfTest(always());
    const { shared } = open(store.url);
    for (const integrity of ['sha1-abc=', `sha256-${'a'.repeat(43)}=`, 'x'])
      expect(await shared.find({ integrity })).toBeUndefined();
    expect(store.questions).toEqual([]);
  });

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
    ['breaks off', (_, response) => void response.write('{', () => response.destroy())],
    ['never answers', () => undefined],
    ['never ends', (_, response) => void response.write('{')],
  ])('gives a store up that %s', async (_, answer) => {
    store = await storeOfTest(answer);
    const { shared, givenUp } = open(store.url);
    expect(await shared.find(keyOf())).toBeUndefined();
    expect(await shared.find(keyOf('two'))).toBeUndefined();
    expect(givenUp).toHaveLength(1);
    expect(store.questions).toHaveLength(1);
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

  it('makes no lines of an answer that nobody asked for', async () => {
    store = await storeOfTest((_, response) => void response.end('\n'.repeat(20_000_000)));
    const { shared, givenUp } = open(store.url);
    const before = process.memoryUsage().heapUsed;
    expect(await shared.find(keyOf())).toBeUndefined();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60_000_000);
    expect(givenUp).toEqual([]);
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
});
