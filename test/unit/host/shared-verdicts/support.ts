import { RULESET } from '../../../../packages/core/src/ruleset.ts';
import { DEFAULT_POLICY, type Policy } from '../../../../packages/core/src/policy/policy.ts';
import type { Verdict } from '../../../../packages/core/src/finding/verdict.ts';
import {
  SharedVerdicts,
  type SharedVerdictsOptions,
} from '../../../../packages/host/src/shared-verdicts/shared-verdicts.ts';
import { trustedVerdicts } from '../../../../packages/host/src/shared-verdicts/settings.ts';
import { PolicyFingerprints } from '../../../../packages/host/src/verdict-store/policy-fingerprint.ts';
import type { VerdictKey } from '../../../../packages/host/src/verdict-store/verdict-store.ts';
import type { VerdictQuestion } from '../../../../packages/host/src/signed-verdicts/index.ts';
import { asked, sha512Hex, signer, TODAY, type Signer } from '../../../support/signed-verdicts.ts';

export const policy: Policy = { ...DEFAULT_POLICY, today: TODAY };
/** Who is believed. */
export const ci: Signer = signer();

/** What would be asked about bytes under the policy of these tests. */
export const here = (
  text: string = 'bytes',
  more: Partial<VerdictQuestion> = {},
): VerdictQuestion =>
  asked(text, {
    ruleset: RULESET,
    policy: new PolicyFingerprints(policy).of(sha512Hex(text)),
    ...more,
  });

export const keyOf = (text: string = 'bytes'): VerdictKey => ({
  integrity: `sha512-${Buffer.from(sha512Hex(text), 'hex').toString('base64')}`,
  expected: { name: '@scope/left', version: '1.0.0' },
});

export interface Opened {
  readonly shared: SharedVerdicts;
  readonly kept: [VerdictKey, Verdict][];
  readonly givenUp: string[];
}

export function open(
  url: string,
  texts: readonly { key: string; notAfter?: string }[] = [{ key: ci.text }],
  more: Pick<SharedVerdictsOptions, 'limits' | 'onAnswered'> = {},
): Opened {
  const trusted = trustedVerdicts({ url, keys: texts }, { env: {}, today: TODAY })!;
  const kept: [VerdictKey, Verdict][] = [];
  const givenUp: string[] = [];
  const shared = new SharedVerdicts({
    trusted: { ...trusted, url },
    policy,
    keep: (key, verdict) => kept.push([key, verdict]),
    onGivenUp: (why) => givenUp.push(why),
    ...more,
  });
  return { shared, kept, givenUp };
}
