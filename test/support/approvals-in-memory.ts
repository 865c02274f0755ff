/* Approvals without a ledger, for tests of the pages. They follow the rules of the real service as far as pages depend on them. */
import { randomBytes } from 'node:crypto';
import { inspect, type Exception } from '@tarwarden/core';
import { exceptionsFor, rejects } from '@tarwarden/core/report';
import { explain, explanationText } from '@tarwarden/core/views';
import { PLAIN } from '@tarwarden/core/text';
import {
  ApprovalError,
  type ApprovalRequest,
  type ApprovalsService,
  type Decided,
  type Person,
  type Preview,
  type RecordedDecision,
  type Refusal,
  type RequestState,
} from '../../packages/server/src/approvals/service.ts';
import { attack } from './attacks.ts';

export interface InMemoryOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface Event {
  readonly kind: 'requested' | 'approved' | 'declined' | 'revoked';
  readonly request?: string;
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  readonly until?: string;
}

export class InMemoryApprovals implements ApprovalsService {
  readonly refusals = new Map<string, Refusal>();
  readonly events: Event[] = [];
  readonly #requests = new Map<string, ApprovalRequest>();
  readonly #now: () => number;

  constructor({ now = Date.now }: InMemoryOptions = {}) {
    this.#now = now;
  }

  /** Keeps a refusal, and returns it. */
  refuse(given: Partial<Refusal> = {}): Refusal {
    const refusal = { ...refusalOf('evil', '1.0.0'), at: this.#at(), ...given };
    this.refusals.set(refusal.id, refusal);
    return refusal;
  }

  async refusal(id: string): Promise<Refusal | undefined> {
    return this.refusals.get(id);
  }

  async requests(
    filter: { readonly state?: RequestState; readonly by?: string } = {},
  ): Promise<readonly ApprovalRequest[]> {
    return [...this.#requests.values()]
      .reverse()
      .filter(({ state }) => filter.state === undefined || state === filter.state)
      .filter(({ by }) => filter.by === undefined || by === filter.by);
  }

  async request(id: string): Promise<ApprovalRequest | undefined> {
    return this.#requests.get(id);
  }

  async decisions(id: string): Promise<readonly RecordedDecision[]> {
    return this.events.flatMap(({ kind, ...event }) =>
      kind === 'requested' || event.request !== id ? [] : { kind, ...event },
    );
  }

  preview(refusal: Refusal, until: string): Preview {
    const exceptions = exceptionsOf(refusal, { reason: '', expires: until });
    const errors = refusal.findings.filter(rejects);
    return {
      exceptions,
      lifted: errors,
      remaining: [],
      passes: refusal.omitted === 0,
    };
  }

  async ask(id: string, { by, reason }: Decided): Promise<ApprovalRequest> {
    const refusal = this.refusals.get(id);
    if (refusal === undefined || !this.maySee(by, refusal))
      throw new ApprovalError(404, 'there is no such refusal');
    if (by.role === 'reader') throw new ApprovalError(403, 'your role lets you read only');
    const open = [...this.#requests.values()].some(
      (request) => request.refusal.id === id && request.state === 'open',
    );
    if (open) throw new ApprovalError(409, 'request 1 is about this archive and is open');
    this.events.push({ kind: 'requested', by: by.name, at: this.#at(), reason });
    const request: ApprovalRequest = {
      id: String(this.events.length),
      refusal,
      by: by.name,
      at: this.#at(),
      reason,
      state: 'open',
      exceptions: [],
    };
    this.#requests.set(request.id, request);
    return request;
  }

  async approve(
    id: string,
    { until, ...decided }: Decided & { readonly until: string },
  ): Promise<ApprovalRequest> {
    const request = this.#decidable(id, 'open', decided);
    if (request.by === decided.by.name)
      throw new ApprovalError(403, 'nobody may approve their own request');
    const exceptions = exceptionsOf(request.refusal, { reason: decided.reason, expires: until });
    return this.#decide({ ...request, exceptions }, 'approved', { ...decided, until });
  }

  async decline(id: string, decided: Decided): Promise<ApprovalRequest> {
    return this.#decide(this.#decidable(id, 'open', decided), 'declined', decided);
  }

  async revoke(id: string, decided: Decided): Promise<ApprovalRequest> {
    return this.#decide(this.#decidable(id, 'approved', decided), 'revoked', decided);
  }

  async *history(): AsyncIterable<string> {
    for (const [at, event] of this.events.entries())
      yield JSON.stringify({ event, number: at + 1, previous: '' });
  }

  maySee(person: Person, { isPrivate, identity, label }: Refusal): boolean {
    const name = identity.name ?? label;
    return (
      !isPrivate ||
      person.private.some((pattern) =>
        pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
      )
    );
  }

  #decidable(id: string, state: RequestState, { by }: Decided): ApprovalRequest {
    const request = this.#requests.get(id);
    if (request === undefined || !this.maySee(by, request.refusal))
      throw new ApprovalError(404, 'there is no such request');
    if (by.role !== 'approver') throw new ApprovalError(403, 'only an approver may decide');
    if (request.state !== state)
      throw new ApprovalError(409, `request ${id} is ${request.state}, and not ${state}`);
    return request;
  }

  #decide(
    request: ApprovalRequest,
    state: 'approved' | 'declined' | 'revoked',
    { by, reason, until }: Decided & { readonly until?: string },
  ): ApprovalRequest {
    const decision = { by: by.name, at: this.#at(), reason, ...(until !== undefined && { until }) };
    this.events.push({ kind: state, request: request.id, ...decision });
    const decided = { ...request, state, decision };
    this.#requests.set(request.id, decided);
    return decided;
  }

  #at(): string {
    return new Date(this.#now()).toISOString();
  }
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** Refusals by their labels. Archives are inspected once. */
const made = new Map<string, Omit<Refusal, 'id'>>();

/** The refusal of a package with a symbolic link, with an id of its own. */
export function refusalOf(name: string, version: string): Refusal {
  const label = `${name}@${version}`;
  const refusal = made.get(label) ?? inspected(name, version);
  made.set(label, refusal);
  return { ...refusal, id: [...randomBytes(26)].map((byte) => BASE32[byte % 32]).join('') };
}

function inspected(name: string, version: string): Omit<Refusal, 'id'> {
  const bytes = attack('symlink').build({ name, version });
  const verdict = inspect(bytes, { format: 'npm', expected: { name, version } });
  const explanation = explain(`${name}@${version}`, bytes, verdict);
  return {
    at: '2026-11-30T08:00:00.000Z',
    registry: 'npm',
    ecosystem: 'npm',
    identity: { format: 'npm', name, version },
    label: `${name}@${version}`,
    sha512: verdict.archive.sha512,
    bytes: bytes.length,
    isPrivate: false,
    findings: verdict.findings,
    omitted: verdict.omitted,
    text: explanationText(explanation, PLAIN),
  };
}

function exceptionsOf(
  { label, sha512, findings }: Refusal,
  written: { readonly reason: string; readonly expires: string },
): readonly Exception[] {
  return exceptionsFor({ package: label, sha512, findings }, written);
}
