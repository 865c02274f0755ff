import type { Policy } from '@tarwarden/core';
import type { ApprovalLedger } from './ledger.ts';
import type { Requests } from './requests.ts';

/** Exceptions that the ledger has approved, added to a policy. It returns the same object until something changes. */
export class PolicyWithApprovals {
  readonly #ledger: ApprovalLedger;
  #last:
    | {
        readonly base: Policy;
        readonly requests: Requests | undefined;
        readonly decisions: number;
        readonly policy: Policy;
      }
    | undefined;

  constructor(ledger: ApprovalLedger) {
    this.#ledger = ledger;
  }

  under(base: Policy): Policy {
    const { requests } = this.#ledger;
    const decisions = requests?.decisions ?? 0;
    const last = this.#last;
    if (last?.base === base && last.requests === requests && last.decisions === decisions)
      return last.policy;
    const all = (requests?.inForce(base.today) ?? []).map(({ exception }) => exception);
    const exceptions = [...base.exceptions, ...all];
    const policy = all.length === 0 ? base : { ...base, exceptions };
    this.#last = { base, requests, decisions, policy };
    return policy;
  }
}
