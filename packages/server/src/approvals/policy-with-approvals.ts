import type { Policy } from '@tarwarden/core';
import type { ApprovalLedger } from './ledger.ts';
import type { Requests } from './requests.ts';

interface Extended {
  readonly requests: Requests | undefined;
  readonly decisions: number;
  readonly policy: Policy;
}

/** Exceptions that the ledger has approved, added to a policy. It returns the same object until something changes. */
export class PolicyWithApprovals {
  readonly #ledger: ApprovalLedger;
  /** By the policy without approvals: registries of one server may have different ones. */
  readonly #extended = new WeakMap<Policy, Extended>();

  constructor(ledger: ApprovalLedger) {
    this.#ledger = ledger;
  }

  under(base: Policy): Policy {
    const { requests } = this.#ledger;
    const decisions = requests?.decisions ?? 0;
    const known = this.#extended.get(base);
    if (known?.requests === requests && known?.decisions === decisions) return known.policy;
    const all = (requests?.inForce(base.today) ?? []).map(({ exception }) => exception);
    const exceptions = [...base.exceptions, ...all];
    const policy = all.length === 0 ? base : { ...base, exceptions };
    this.#extended.set(base, { requests, decisions, policy });
    return policy;
  }
}
