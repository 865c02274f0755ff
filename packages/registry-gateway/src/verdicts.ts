/*
 * Verdicts that the gateway has made, or that were signed for it: the newest in memory, all of them in the user's own verdict store, or
 * signed in a storage that `tarwarden verdicts serve` serves as well.
 */
import { RULESET, type Policy, type Verdict } from '@tarwarden/core';
import { dayOf } from '@tarwarden/core/policy';
import { openVerdictStore, PolicyFingerprints, rejected, type Environment } from '@tarwarden/host';
import {
  addressOf,
  signVerdict,
  verdictFrom,
  type Asked,
  type PinnedKey,
  type SigningKey,
} from '@tarwarden/verdicts';
import type { VerdictStorage } from '@tarwarden/verdict-server';
import type { VersionEntry } from './package-index.ts';

/** What a verdict comes to. */
export interface Outcome {
  readonly accepted: boolean;
  /** Why it is refused. */
  readonly reason?: string;
}

/** Verdicts in memory. */
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

type Identity = Pick<VersionEntry, 'name' | 'version'>;

export class Verdicts {
  readonly #options: VerdictsOptions;
  readonly #policies: PolicyFingerprints;
  readonly #own: ReturnType<typeof openVerdictStore>;
  readonly #memory = new Map<string, Outcome>();

  constructor(options: VerdictsOptions) {
    const { policy, env } = options;
    this.#options = options;
    this.#policies = new PolicyFingerprints(policy);
    this.#own = openVerdictStore({ ruleset: RULESET, policy, env });
  }

  /** What is known of bytes, in memory: no promise, for the many requests that need none. */
  inMemory(sha512: string, { name, version }: Identity): Outcome | undefined {
    return this.#memory.get(`${sha512} ${name} ${version}`);
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
      this.#own.put({ integrity, expected: expectedOf(identity) }, verdict);
      return outcome;
    }
    const asked = this.#asked(sha512, identity);
    try {
      await signed.storage.put(addressOf(asked), signVerdict(asked, verdict, signed.key));
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
    return this.#own.get({ integrity, expected: expectedOf(identity) });
  }

  async #signed(sha512: string, identity: Identity): Promise<Verdict | undefined> {
    const { signed } = this.#options;
    if (signed === undefined || signed.keys.length === 0) return undefined;
    const address = addressOf(this.#asked(sha512, identity));
    try {
      const envelope = await signed.storage.get(address);
      const today = dayOf(Date.now());
      const said =
        envelope === undefined ? undefined : verdictFrom(envelope, { keys: signed.keys, today });
      return said !== undefined && addressOf(said.asked) === address ? said.verdict : undefined;
    } catch (error) {
      this.#options.onError(error);
      return undefined;
    }
  }

  #asked(sha512: string, identity: Identity): Asked {
    return this.#policies.asked({ sha512, format: 'npm', expected: expectedOf(identity) });
  }

  #remember(verdict: Verdict, { name, version }: Identity): Outcome {
    const outcome: Outcome =
      verdict.status === 'accept'
        ? { accepted: true }
        : { accepted: false, reason: rejected(verdict, { label: `${name}@${version}` }).headline };
    const key = `${verdict.archive.sha512} ${name} ${version}`;
    this.#memory.delete(key);
    this.#memory.set(key, outcome);
    if (this.#memory.size > IN_MEMORY) this.#memory.delete(this.#memory.keys().next().value!);
    return outcome;
  }
}

function expectedOf({ name, version }: Identity): { name: string; version: string } {
  return { name, version };
}
