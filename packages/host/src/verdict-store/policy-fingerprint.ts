import { hash } from 'node:crypto';
import { RULESET, type Policy } from '@tarwarden/core';
import { canonicalJson, type Asked } from '@tarwarden/verdicts';

/** Equal for policies that give equal verdicts: of `today`, only which exceptions have expired counts. Hex. */
export function policyFingerprint(policy: Policy): string {
  const { today, exceptions, ...rest } = policy;
  const dated = exceptions.map((exception) => ({
    ...exception,
    expired: exception.expires < today,
  }));
  return hash('sha256', canonicalJson({ ...rest, exceptions: dated }));
}

/**
 * Fingerprints of a policy as far as it is about one archive, so that an exception for one package does not make the verdicts of
 * all others useless to whoever has no such exception.
 */
export class PolicyFingerprints {
  readonly #policy: Policy;
  readonly #excepted: ReadonlySet<string>;
  readonly #others: string;

  constructor(whole: Policy) {
    // What is let pass is not what the verdict says.
    const { mode, ...policy } = whole;
    void mode;
    this.#policy = policy;
    this.#excepted = new Set(policy.exceptions.map(({ sha512 }) => sha512));
    this.#others = policyFingerprint({ ...policy, exceptions: [] });
  }

  /** Hex. `sha512`: of the archive, 128 lower-case hex digits. */
  of(sha512: string): string {
    if (!this.#excepted.has(sha512)) return this.#others;
    const exceptions = this.#policy.exceptions.filter((one) => one.sha512 === sha512);
    return policyFingerprint({ ...this.#policy, exceptions });
  }

  /** All that a verdict on an archive depends on here, by the rules of this program. */
  asked({ sha512, format, expected }: Pick<Asked, 'sha512' | 'format' | 'expected'>): Asked {
    const policy = this.of(sha512);
    return { sha512, format, ...(expected && { expected }), ruleset: RULESET, policy };
  }
}
