/* Several keys state the same: it has to last as long as one of them counts, and to count for whoever pins but one. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../../../packages/server/src/verdict-server/storage.ts';
import { verdictServer } from '../../../../packages/server/src/verdict-server/server.ts';
import {
  addressOf,
  ENVELOPE_BYTES_MAX,
  signVerdict,
  verdictAmong,
  type PinnedKey,
} from '../../../../packages/host/src/signed-verdicts/index.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import {
  asked,
  rejection,
  signer,
  verdictOn,
  type Signer,
} from '../../../support/signed-verdicts.ts';

const ending = signer({ notAfter: '2026-11-30' });
const [ci, careless] = [signer(), signer()];
const keys = [ending, ci, careless].flatMap(({ pinned }) => pinned);
const address = addressOf(asked());
const accept = ({ key }: Signer): string => signVerdict(asked(), verdictOn(), key);
const reject = ({ key }: Signer, more: object = {}): string =>
  signVerdict(asked(), { ...rejection(), ...more }, key);

let folder: string;
let server: Server;
let today: string;
let base: string;
freshFolder(async (fresh) => {
  folder = fresh;
  today = '2026-11-26';
  const storage = await openStorage(folder, {});
  const onError = (error: unknown): void => console.error(error);
  server = verdictServer({ storage, keys, today: () => today, onError });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => server.close().closeAllConnections());

const put = async (body: string): Promise<number> =>
  (await fetch(`${base}/v1/${address}`, { method: 'PUT', body })).status;
/** What a guard makes of the answer that pins these keys. */
async function said(pinned: readonly PinnedKey[]): Promise<string | undefined> {
  const body = JSON.stringify({ addresses: [address] });
  const answer = await (await fetch(`${base}/v1/batch`, { method: 'POST', body })).text();
  const lines = answer.split('\n').slice(0, -1);
  return (await verdictAmong(lines, address, { keys: pinned, today }))?.verdict.status;
}

describe('a rejection that two keys have signed', () => {
  it('stays when one of them does not count any more', async () => {
    for (const one of [accept(careless), reject(ending), reject(ci)])
      expect(await put(one)).toBe(201);
    today = '2026-12-01';
    expect(await put(accept(careless))).toBe(200);
    expect(await said(keys)).toBe('reject');
  });

  it('counts for whoever pins but one of them', async () => {
    for (const one of [accept(ci), reject(ending), reject(ci)]) await put(one);
    expect(await said(ci.pinned)).toBe('reject');
    expect(await said(ending.pinned)).toBe('reject');
    expect(await said(careless.pinned)).toBeUndefined();
  });

  it('is kept once, whoever sends it again', async () => {
    expect([await put(reject(ending)), await put(reject(ci))]).toEqual([201, 201]);
    expect([await put(reject(ending)), await put(reject(ci))]).toEqual([200, 200]);
    const text = await (await fetch(`${base}/v1/${address}`)).text();
    const { signatures } = JSON.parse(text) as { signatures: { keyid: string }[] };
    expect(signatures.map(({ keyid }) => keyid)).toEqual([ending.key.id, ci.key.id]);
  });

  it('is as the first of them said it, where they say it in different words', async () => {
    const [finding] = rejection().findings;
    const other = reject(ci, { findings: [{ ...finding, message: 'other words' }] });
    expect([await put(reject(ending)), await put(other)]).toEqual([201, 200]);
    expect(await (await fetch(`${base}/v1/${address}`)).text()).toBe(reject(ending));
  });

  it('is not made longer than readers take', async () => {
    const [finding] = rejection().findings;
    const of = (entry: string): object => ({ findings: [{ ...finding, entry }] });
    const left = ENVELOPE_BYTES_MAX - reject(ending, of('')).length;
    const long = of('e'.repeat(Math.floor((left * 3) / 4) - 60));
    const [one, other] = [reject(ending, long), reject(ci, long)];
    expect(one.length).toBeGreaterThan(ENVELOPE_BYTES_MAX - 200);
    expect([await put(one), await put(other)]).toEqual([201, 200]);
    expect(await said(keys)).toBe('reject');
  });
});

it('keeps an acceptance with the signatures of both', async () => {
  expect([await put(accept(ending)), await put(accept(ci))]).toEqual([201, 201]);
  expect([await said(ending.pinned), await said(ci.pinned)]).toEqual(['accept', 'accept']);
});
