/*
 * Verdicts that the gateway has made, or that were signed for it: the newest in memory, all of them in the user's own verdict store, or
 * signed in a storage that `tarwarden verdicts serve` serves as well.
 */
import {
  RULESET,
  type ExpectedPackage,
  type Format,
  type Policy,
  type Verdict,
} from '@tarwarden/core';
import { dayOf } from '@tarwarden/core/policy';
import {
  inTime,
  openVerdictStore,
  PolicyFingerprints,
  rejected,
  type Environment,
} from '@tarwarden/host';
import {
  addressOf,
  signVerdict,
  verdictAmong,
  type Asked,
  type PinnedKey,
  type SigningKey,
} from '@tarwarden/verdicts';
import { keepEnvelope, type VerdictStorage } from '@tarwarden/verdict-server';
import { expectedOf, labelOf, type Identity, type Promised } from './wanted.ts';

/** What a verdict comes to. */
export interface Outcome {
  readonly accepted: boolean;
  /** Why it is refused. */
  readonly reason?: string;
}

/** Milliseconds for the storage to answer, and for which a storage that failed is not asked: no request waits for it in vain. */
const ANSWER_WITHIN = 5_000;
const NOT_ASKED = 30_000;
/** Verdicts in memory, and links between digests. */
const IN_MEMORY = 50_000;

export interface VerdictsOptions {
  readonly policy: Policy;
  readonly env: Environment;
  /** Where signed ones are kept. */
  readonly signed?: {
    readonly storage: VerdictStorage;
    readonly keys: readonly PinnedKey[];
    /** Absent: what is inspected here is not signed, and not kept there. */
    readonly key?: SigningKey | undefined;
  };
  readonly onError: (error: unknown) => void;
}

export class Verdicts {
  readonly #options: VerdictsOptions;
  readonly #policies: PolicyFingerprints;
  readonly #own: ReturnType<typeof openVerdictStore>;
  /** When the storage failed. */
  #silentAt = Number.NEGATIVE_INFINITY;
  readonly #memory = new Remembered<Outcome>();
  /** SHA-512 by SHA-256, of bytes that were here. */
  readonly #links = new Remembered<string>();

  constructor(options: VerdictsOptions) {
    const { policy, env } = options;
    this.#options = options;
    this.#policies = new PolicyFingerprints(policy);
    this.#own = openVerdictStore({ ruleset: RULESET, policy, env });
  }

  /** What is known of bytes, in memory: no promise, for the many requests that need none. */
  inMemory(sha512: string, identity: Identity): Outcome | undefined {
    return this.#memory.get(keyOf(sha512, identity));
  }

  /** The SHA-512 of what is promised, as far as that is known. */
  sha512Of({ sha512, sha256 }: Promised): string | undefined {
    if (sha512 !== undefined || sha256 === undefined) return sha512;
    return this.#links.get(sha256) ?? this.#keptLink(sha256);
  }

  /** Remembers that bytes had both. */
  link(sha256: string, sha512: string): void {
    if (this.sha512Of({ sha256 }) === sha512) return;
    this.#links.set(sha256, sha512);
    this.#own.putLink(linkName(sha256), sha512);
  }

  #keptLink(sha256: string): string | undefined {
    const sha512 = this.#own.getLink(linkName(sha256));
    if (sha512 === undefined || !/^[0-9a-f]{128}$/.test(sha512)) return undefined;
    this.#links.set(sha256, sha512);
    return sha512;
  }

  /** `sha512`: 128 hex digits. */
  async find(sha512: string, identity: Identity): Promise<Outcome | undefined> {
    const known = this.inMemory(sha512, identity);
    if (known !== undefined) return known;
    const verdict = this.#kept(sha512, identity) ?? (await this.#signed(sha512, identity));
    return verdict && this.#remember(verdict, identity);
  }

  /** A new verdict. */
  async add(verdict: Verdict, identity: Identity): Promise<Outcome> {
    const outcome = this.#remember(verdict, identity);
    const { sha512, integrity } = verdict.archive;
    const { signed } = this.#options;
    if (signed?.key === undefined) {
      this.#own.put({ integrity, ...storedUnder(identity) }, verdict);
      return outcome;
    }
    const asked = this.#asked(sha512, identity);
    try {
      const envelope = signVerdict(asked, verdict, signed.key);
      const kept = { address: addressOf(asked), envelope, status: verdict.status };
      const trust = { keys: signed.keys, today: dayOf(Date.now()) };
      await this.#inTime(() => keepEnvelope(signed.storage, kept, trust));
    } catch (error) {
      // It is inspected again where nobody finds it.
      this.#options.onError(error);
    }
    return outcome;
  }

  flush(): void {
    this.#own.flush();
  }

  #kept(sha512: string, identity: Identity): Verdict | undefined {
    const integrity = `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`;
    return this.#own.get({ integrity, ...storedUnder(identity) });
  }

  async #signed(sha512: string, identity: Identity): Promise<Verdict | undefined> {
    const { signed } = this.#options;
    if (signed === undefined || signed.keys.length === 0) return undefined;
    const address = addressOf(this.#asked(sha512, identity));
    try {
      const envelopes = (await this.#inTime(() => signed.storage.get(address))) ?? [];
      const trust = { keys: signed.keys, today: dayOf(Date.now()) };
      return (await verdictAmong(envelopes, address, trust))?.verdict;
    } catch (error) {
      this.#options.onError(error);
      return undefined;
    }
  }

  /** What the storage answers; undefined for a storage that failed just now. @throws where it fails. */
  async #inTime<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
    if (performance.now() - this.#silentAt < NOT_ASKED) return undefined;
    try {
      return await inTime(ANSWER_WITHIN, ask(), 'the storage does not answer');
    } catch (error) {
      // A storage that refuses connections costs as much time as a silent one: its client tries again and again.
      this.#silentAt = performance.now();
      throw error;
    }
  }

  #asked(sha512: string, identity: Identity): Asked {
    return this.#policies.asked({ sha512, ...storedUnder(identity) });
  }

  #remember(verdict: Verdict, identity: Identity): Outcome {
    const outcome: Outcome =
      verdict.status === 'accept'
        ? { accepted: true }
        : { accepted: false, reason: rejected(verdict, { label: labelOf(identity) }).headline };
    this.#memory.set(keyOf(verdict.archive.sha512, identity), outcome);
    return outcome;
  }
}

/** The last of what was set. */
class Remembered<Value> {
  readonly #values = new Map<string, Value>();

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > IN_MEMORY) this.#values.delete(this.#values.keys().next().value!);
  }
}

/** No two identities have the same. */
function keyOf(sha512: string, { format, name, version, fileName = '' }: Identity): string {
  return JSON.stringify([sha512, format, name, version, fileName]);
}

function storedUnder(identity: Identity): { format: Format; expected: ExpectedPackage } {
  return { format: identity.format, expected: expectedOf(identity) };
}

function linkName(sha256: string): string {
  return `sha256:${sha256}`;
}
