/* The requests that the events of a ledger make, and the exceptions that they have approved. */
import { hasExpired, type HeldException } from '@tarwarden/core/policy';
import { ChainError } from './chain.ts';
import type { ApprovalEvent, ApprovedEvent, DecidedEvent, RequestedEvent } from './events.ts';
import type { ApprovalRequest, RecordedDecision, Refusal, RequestState } from './service.ts';

interface HeldRequest {
  readonly id: string;
  readonly requested: RequestedEvent;
  readonly approved?: ApprovedEvent;
  /** The newest decision. */
  readonly decided?: DecidedEvent;
}

export class Requests {
  readonly #byId = new Map<string, HeldRequest>();
  /** The newest request about a refusal, by the refusal's id. */
  readonly #byRefusal = new Map<string, string>();
  /** Changes when the exceptions in force do, beside their expiry. */
  decisions = 0;
  #inForce: { readonly key: string; readonly all: readonly ExceptionInForce[] } | undefined;

  /** @throws ChainError for a decision that no server would have recorded. */
  add(event: ApprovalEvent, number: number): void {
    if (event.kind === 'requested') {
      const id = String(number);
      this.#byId.set(id, { id, requested: event });
      this.#byRefusal.set(event.refusal.id, id);
      return;
    }
    const held = this.#byId.get(event.request);
    const expected = event.kind === 'revoked' ? 'approved' : undefined;
    if (held === undefined || held.decided?.kind !== expected)
      throw new ChainError(`line ${number} of the ledger decides about a request that is not open`);
    this.decisions += 1;
    this.#byId.set(held.id, {
      ...held,
      decided: event,
      ...(event.kind === 'approved' && { approved: event }),
    });
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string, today: string): ApprovalRequest | undefined {
    const held = this.#byId.get(id);
    return held && shown(held, today);
  }

  decisionsAbout(id: string): readonly RecordedDecision[] {
    const { approved, decided } = this.#byId.get(id) ?? {};
    return [...new Set([approved, decided])].flatMap((event) => event ?? []);
  }

  /** All requests, the newest first. */
  all(today: string): ApprovalRequest[] {
    return [...this.#byId.values()].reverse().map((held) => shown(held, today));
  }

  /** All refusals that were asked about. */
  *refusals(): Generator<Refusal> {
    for (const { requested } of this.#byId.values()) yield requested.refusal;
  }

  refusal(id: string): Refusal | undefined {
    const request = this.#byRefusal.get(id);
    return request === undefined ? undefined : this.#byId.get(request)?.requested.refusal;
  }

  /** The exceptions that are in force on a day, with what the server says of each. The same list until something changes. */
  inForce(today: string): readonly ExceptionInForce[] {
    const key = `${this.decisions} ${today}`;
    if (this.#inForce?.key !== key) this.#inForce = { key, all: this.#allInForce(today) };
    return this.#inForce.all;
  }

  #allInForce(today: string): readonly ExceptionInForce[] {
    const all: ExceptionInForce[] = [];
    for (const { approved, decided, requested } of this.#byId.values()) {
      if (approved === undefined || decided !== approved) continue;
      for (const exception of approved.exceptions)
        if (!hasExpired(exception, today))
          all.push({
            exception: { ...exception, approvedBy: 'approvals', by: approved.by },
            isPrivate: requested.refusal.isPrivate,
          });
    }
    return all;
  }
}

export interface ExceptionInForce {
  readonly exception: HeldException & { readonly by: string };
  readonly isPrivate: boolean;
}

function shown({ id, requested, approved, decided }: HeldRequest, today: string): ApprovalRequest {
  const { refusal, by, at, reason } = requested;
  return {
    id,
    refusal,
    by,
    at,
    reason,
    state: stateOf(decided, today),
    ...(decided && {
      decision: {
        by: decided.by,
        at: decided.at,
        reason: decided.reason,
        ...(decided.kind === 'approved' && { until: decided.until }),
      },
    }),
    exceptions: approved?.exceptions ?? [],
  };
}

function stateOf(decided: DecidedEvent | undefined, today: string): RequestState {
  if (decided === undefined) return 'open';
  if (decided.kind !== 'approved') return decided.kind;
  return hasExpired({ expires: decided.until }, today) ? 'expired' : 'approved';
}
