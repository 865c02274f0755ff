/* The gateway's verdicts: the newest in memory, all of them in the user's verdict store. */
import {
  RULESET,
  type ExpectedPackage,
  type Format,
  type Policy,
  type Verdict,
} from '@tarwarden/core';
import { weighClaims, type Claim } from '@tarwarden/core/policy';
import { type Environment, openVerdictStore, type VerdictStore } from '@tarwarden/guard';
import { type Current, currently } from '../serving/live-policy.ts';
import { PolicyFingerprints } from './policy-fingerprints.ts';
import { Remembered } from '../serving/remembered.ts';
import { outcomeOf, type VerdictOutcome } from './verdict-outcome.ts';
import { expectedArchive, type ArchiveIdentity, type Promised } from './wanted.ts';

/** The most verdicts in memory, and the most links between digests. */
const IN_MEMORY = 50_000;

export interface VerdictsOptions {
  readonly policy: Current<Policy>;
  readonly env: Environment;
}

/** The memory for one policy on one day. */
interface State {
  readonly policy: Policy;
  readonly policies: PolicyFingerprints;
  /** Verdicts of archives without an exception. They stay when an exception for another archive comes or goes. */
  readonly plain: VerdictStore;
  /** Verdicts of archives that an exception names. */
  readonly excepted: VerdictStore;
  readonly memory: Remembered<VerdictOutcome>;
}

export class Verdicts {
  readonly #options: VerdictsOptions;
  #last: State;
  /** SHA-512 by SHA-256, of bytes that were here. */
  readonly #links = new Remembered<string>(IN_MEMORY);

  constructor(options: VerdictsOptions) {
    this.#options = options;
    this.#last = this.#open(currently(options.policy));
  }

  /** The current policy. */
  get policy(): Policy {
    return this.#state.policy;
  }

  get #state(): State {
    const policy = currently(this.#options.policy);
    if (policy !== this.#last.policy) {
      this.flush();
      this.#last = this.#open(policy, this.#last);
    }
    return this.#last;
  }

  #open(policy: Policy, before?: State): State {
    const { env } = this.#options;
    const { proposals, ...rest } = policy;
    void proposals;
    const policies = new PolicyFingerprints(policy);
    const isLike = before !== undefined && policies.isLike(before.policies);
    const plain = isLike
      ? before.plain
      : openVerdictStore({ ruleset: RULESET, policy: { ...rest, exceptions: [] }, env });
    const excepted = openVerdictStore({ ruleset: RULESET, policy, env });
    const memory = new Remembered<VerdictOutcome>(IN_MEMORY);
    if (isLike) {
      // An exception changes the verdict of its archive alone, and the others stay.
      const isSame = (key: string): boolean => {
        const sha512 = sha512In(key);
        return policies.of(sha512) === before.policies.of(sha512);
      };
      memory.take(before.memory, isSame);
    }
    return { policy, policies, plain, excepted, memory };
  }

  /** The verdict of bytes, if it is in memory. */
  inMemory(sha512: string, identity: ArchiveIdentity): VerdictOutcome | undefined {
    return this.#state.memory.get(keyOf(sha512, identity));
  }

  /** The SHA-512 of the promised bytes, if it is known. */
  sha512Of({ sha512, sha256 }: Promised): string | undefined {
    if (sha512 !== undefined || sha256 === undefined) return sha512;
    return this.#links.get(sha256) ?? this.#keptLink(sha256);
  }

  /** Remembers that bytes have both digests. */
  link(sha256: string, sha512: string): void {
    if (this.sha512Of({ sha256 }) === sha512) return;
    this.#links.set(sha256, sha512);
    this.#state.plain.putLink(linkName(sha256), sha512);
  }

  #keptLink(sha256: string): string | undefined {
    const sha512 = this.#state.plain.getLink(linkName(sha256));
    if (sha512 === undefined || !/^[0-9a-f]{128}$/.test(sha512)) return undefined;
    this.#links.set(sha256, sha512);
    return sha512;
  }

  /** `sha512`: 128 hex digits. */
  find(sha512: string, identity: ArchiveIdentity): VerdictOutcome | undefined {
    const state = this.#state;
    const known = state.memory.get(keyOf(sha512, identity));
    if (known !== undefined) return known;
    const verdict = keptIn(state, sha512, identity);
    return verdict && remember(verdict, identity, state);
  }

  /**
   * The outcome for an accepted archive together with the words of an index about it. Nobody remembers it, because an index can change.
   * Undefined if the verdict is not kept any more.
   */
  findWith(
    sha512: string,
    identity: ArchiveIdentity,
    claims: readonly Claim[],
  ): VerdictOutcome | undefined {
    const state = this.#state;
    const verdict = keptIn(state, sha512, identity);
    const { policy } = state;
    const context = { policy, expected: expectedArchive(identity) };
    return verdict && outcomeOf(weighClaims(verdict, claims, context), identity);
  }

  /** Adds a verdict under a policy; undefined if that policy no longer holds. */
  add(verdict: Verdict, identity: ArchiveIdentity, policy: Policy): VerdictOutcome | undefined {
    const state = this.#state;
    if (state.policy !== policy) return undefined;
    const { sha512, integrity } = verdict.archive;
    storeOf(sha512, state).put({ integrity, ...storedUnder(identity) }, verdict);
    return remember(verdict, identity, state);
  }

  flush(): void {
    this.#last.plain.flush();
    this.#last.excepted.flush();
  }
}

function keptIn(state: State, sha512: string, identity: ArchiveIdentity): Verdict | undefined {
  const integrity = `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`;
  return storeOf(sha512, state).get({ integrity, ...storedUnder(identity) });
}

function storeOf(sha512: string, { policies, plain, excepted }: State): VerdictStore {
  return policies.isExcepted(sha512) ? excepted : plain;
}

function remember(verdict: Verdict, identity: ArchiveIdentity, state: State): VerdictOutcome {
  const outcome = outcomeOf(verdict, identity);
  state.memory.set(keyOf(verdict.archive.sha512, identity), outcome);
  return outcome;
}

/** Different for different identities. */
function keyOf(sha512: string, { format, name, version, fileName = '' }: ArchiveIdentity): string {
  return JSON.stringify([sha512, format, name, version, fileName]);
}

function sha512In(key: string): string {
  return (JSON.parse(key) as [string])[0];
}

function storedUnder(identity: ArchiveIdentity): { format: Format; expected: ExpectedPackage } {
  return { format: identity.format, expected: expectedArchive(identity) };
}

function linkName(sha256: string): string {
  return `sha256:${sha256}`;
}
