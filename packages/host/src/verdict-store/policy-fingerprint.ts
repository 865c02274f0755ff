import { hash } from 'node:crypto';
import { RULESET, type Exception, type Policy } from '@tarwarden/core';
import type { VerdictQuestion } from './verdict-question.ts';

/** Equal for policies that give equal verdicts. `today` matters only if it makes an exception expire. Hex. */
export function policyFingerprint(policy: Policy): string {
  // The contact is a line of a refusal, and no verdict depends on it.
  const { today, exceptions, proposals = [], contact: _contact, ...rest } = policy;
  const dated = (all: readonly Exception[]): object[] =>
    all.map((exception) => ({ ...exception, expired: exception.expires < today }));
  return hash(
    'sha256',
    sortedJson({
      ...rest,
      exceptions: dated(exceptions),
      ...(proposals.length > 0 && { proposals: dated(proposals) }),
    }),
  );
}

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

  /** Everything that the verdict of an archive depends on: the archive, this policy, and the rules of this program. */
  asked({
    sha512,
    format,
    expected,
  }: Pick<VerdictQuestion, 'sha512' | 'format' | 'expected'>): VerdictQuestion {
    const policy = this.of(sha512);
    return { sha512, format, ...(expected && { expected }), ruleset: RULESET, policy };
  }
}

/** JSON with sorted keys, without undefined fields: equal values give equal texts. */
function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(fields).filter((key) => fields[key] !== undefined);
  const pairs = keys.sort().map((key) => `${JSON.stringify(key)}:${sortedJson(fields[key])}`);
  return `{${pairs.join(',')}}`;
}
