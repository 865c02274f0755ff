import type { Exception, Policy } from '@tarwarden/core';
import { policyFingerprint } from '@tarwarden/guard';

/** Fingerprints for one archive each, so that an exception for one package does not invalidate the verdicts of all others. */
export class PolicyFingerprints {
  readonly #policy: Policy;
  readonly #excepted: ReadonlySet<string>;
  readonly #others: string;

  constructor(whole: Policy) {
    // The mode decides about the install, not about the verdict.
    const { mode, ...policy } = whole;
    void mode;
    this.#policy = policy;
    const named = [...policy.exceptions, ...(policy.proposals ?? [])];
    this.#excepted = new Set(named.map(({ sha512 }) => sha512));
    this.#others = policyFingerprint({ ...policy, exceptions: [], proposals: [] });
  }

  /** The fingerprint for one archive, in hex. `sha512` of the archive in lower-case hex. */
  of(sha512: string): string {
    if (!this.#excepted.has(sha512)) return this.#others;
    const about = <E extends Exception>(all: readonly E[] = []): readonly E[] =>
      all.filter((exception) => exception.sha512 === sha512);
    const { exceptions, proposals } = this.#policy;
    return policyFingerprint({
      ...this.#policy,
      exceptions: about(exceptions),
      proposals: about(proposals),
    });
  }

  /** Whether an exception or a proposal names the archive. */
  isExcepted(sha512: string): boolean {
    return this.#excepted.has(sha512);
  }

  /** Whether another policy differs in exceptions and proposals alone. */
  isLike(other: PolicyFingerprints): boolean {
    return this.#others === other.#others;
  }
}
