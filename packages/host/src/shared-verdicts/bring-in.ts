/* Fetches signed verdicts before an install: from a store, for the archives of a lockfile, or from a file. */
import { RULESET, type Policy, type Verdict } from '@tarwarden/core';
import { verdictFrom, type VerdictQuestion } from '../signed-verdicts/index.ts';
import type { Environment } from '../verdict-store/cache-directory.ts';
import { PolicyFingerprints } from '../verdict-store/policy-fingerprint.ts';
import { openVerdictStore, type VerdictKey } from '../verdict-store/verdict-store.ts';
import { keepSigned } from './keep.ts';
import { SharedVerdicts, type TimeLimits } from './shared-verdicts.ts';
import type { TrustedVerdicts } from './settings.ts';

export interface BringInOptions {
  readonly policy: Policy;
  readonly env: Environment;
  readonly trusted: TrustedVerdicts;
}

export interface Pulled {
  /** The number of verdicts that were not here and so were requested. */
  readonly asked: number;
  readonly found: number;
  /** The reason why the store was given up. */
  readonly problem?: string;
}

export interface PullOptions extends BringInOptions {
  readonly url: string;
  /** Called after each question with the number of verdicts asked for so far. */
  readonly onProgress?: (done: number) => void;
}

/** No install waits meanwhile, and a later install need not ask for these verdicts. */
const BEFORE_INSTALL: TimeLimits = { question: 10_000, all: 120_000 };

/** Asks a store for all of these in as few questions as possible, and keeps the verdicts that it has. */
export async function pullVerdicts(
  { policy, env, trusted, url, onProgress }: PullOptions,
  keys: readonly VerdictKey[],
): Promise<Pulled> {
  const own = openVerdictStore({ ruleset: RULESET, policy, env });
  const signed = signedStore({ policy, env, trusted });
  const unknown = keys.filter((key) => (own.get(key) ?? signed.get(key)) === undefined);
  let problem: string | undefined;
  let done = 0;
  const shared = new SharedVerdicts({
    trusted: { ...trusted, url },
    policy,
    keep: (key, verdict) => keepSigned(signed, key, verdict),
    onGivenUp: (why) => (problem = why),
    onAnswered: (count) => onProgress?.((done += count)),
    limits: BEFORE_INSTALL,
  });
  const found = await Promise.all(unknown.map((key) => shared.find(key)));
  signed.flush();
  return {
    asked: unknown.length,
    found: found.filter((verdict) => verdict !== undefined).length,
    ...(problem !== undefined && { problem }),
  };
}

/** The result of importing the envelopes of a file. */
export interface Imported {
  readonly taken: number;
  /** Verdicts for other rules or another policy than here. */
  readonly others: number;
  /** Envelopes that are not signed by a valid key or not a verdict. */
  readonly unsigned: number;
}

/** Keeps the verdicts that were signed for these rules and this policy. */
export async function importVerdicts(
  { policy, env, trusted }: BringInOptions,
  envelopes: AsyncIterable<string>,
): Promise<Imported> {
  const signed = signedStore({ policy, env, trusted });
  const policies = new PolicyFingerprints(policy);
  const { keys } = trusted;
  let [taken, others, unsigned] = [0, 0, 0];
  for await (const envelope of envelopes) {
    const said = await verdictFrom(envelope, { keys, today: policy.today });
    if (said === undefined) unsigned += 1;
    else if (!isOurs(said.asked, policies)) others += 1;
    else {
      keepSigned(signed, keyOf(said.asked, said.verdict), said.verdict);
      taken += 1;
    }
  }
  signed.flush();
  return { taken, others, unsigned };
}

function isOurs(
  { ruleset, policy, sha512 }: VerdictQuestion,
  policies: PolicyFingerprints,
): boolean {
  return ruleset === RULESET && policy === policies.of(sha512);
}

function keyOf({ format, expected }: VerdictQuestion, { archive }: Verdict): VerdictKey {
  return { integrity: archive.integrity, format, ...(expected && { expected }) };
}

function signedStore({
  policy,
  env,
  trusted,
}: BringInOptions): ReturnType<typeof openVerdictStore> {
  const signers = trusted.fingerprint;
  return openVerdictStore({ ruleset: RULESET, policy, env, signers });
}
