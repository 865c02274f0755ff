/* The service behind the pages, the API and the gateway. Roles and limits of decisions are checked here, and nowhere else. */
import type { Policy } from '@tarwarden/core';
import { dayOf, findingsUnder, isCalendarDay, parseIdentity } from '@tarwarden/core/policy';
import { exceptionsFor, rejects } from '@tarwarden/core/report';
import { currently, type Current } from '@tarwarden/host';
import type { ApprovedEvent, DecidedEvent } from './events.ts';
import { unusable, type ApprovalLedger } from './ledger.ts';
import type { KeptRefusals } from './refusals.ts';
import type { ExceptionInForce, Requests } from './requests.ts';
import { isMatch } from './private-packages.ts';
import {
  ApprovalError,
  REASON_CHARS_MAX,
  type ApprovalRequest,
  type ApprovalsService,
  type Decided,
  type Person,
  type Preview,
  type RecordedDecision,
  type Refusal,
  type RequestState,
} from './service.ts';

/** The most open requests: of all people, and of one. */
const OPEN_MAX = 1_000;
const OPEN_OF_ONE_MAX = 50;
/** The prefix of people whom only the registry knows. */
export const OF_REGISTRY = 'registry:';
const DAY = 24 * 60 * 60_000;

export interface ApprovalServiceOptions {
  readonly ledger: ApprovalLedger;
  readonly refusals: KeptRefusals;
  /** The policy without approvals. */
  readonly policy: Current<Policy>;
  /** The most days of an approval. */
  readonly longest: number;
  /** Whether people may decide about their own requests. */
  readonly ownRequests: boolean;
  /** Called after each event that this server has recorded. */
  readonly onRecorded: (request: ApprovalRequest) => void;
  /** The time; default: that of the system. Milliseconds since 1970. */
  readonly now?: () => number;
}

export class Approvals implements ApprovalsService {
  readonly #options: ApprovalServiceOptions;

  constructor(options: ApprovalServiceOptions) {
    this.#options = options;
  }

  get today(): string {
    return dayOf(this.#now());
  }

  /** The exceptions that are in force on a day. None while the ledger is not believed. */
  inForce(today: string = this.today): readonly ExceptionInForce[] {
    return this.#options.ledger.requests?.inForce(today) ?? [];
  }

  async refusal(id: string): Promise<Refusal | undefined> {
    const { ledger, refusals } = this.#options;
    const asked = ledger.requests?.refusal(id);
    if (asked !== undefined) return asked;
    return refusals.find(id).catch((error: unknown) => {
      throw unusable(error);
    });
  }

  async requests({
    state,
    by,
  }: { readonly state?: RequestState; readonly by?: string } = {}): Promise<ApprovalRequest[]> {
    return (await this.#fresh())
      .all(this.today)
      .filter((request) => state === undefined || request.state === state)
      .filter((request) => by === undefined || request.by === by);
  }

  async request(id: string): Promise<ApprovalRequest | undefined> {
    return (await this.#fresh()).get(id, this.today);
  }

  async decisions(id: string): Promise<readonly RecordedDecision[]> {
    return (await this.#fresh()).decisionsAbout(id);
  }

  preview(refusal: Refusal, until: string): Preview {
    return this.#preview(refusal, { reason: 'preview', expires: until });
  }

  #preview(
    refusal: Refusal,
    words: { readonly reason: string; readonly expires: string },
  ): Preview {
    const { identity, findings, sha512, omitted, label, ecosystem } = refusal;
    const before = findings.filter(rejects);
    // An archive that says nowhere which package it is cannot be named by an exception.
    const named = parseIdentity(label, ecosystem);
    if (named === undefined)
      return { exceptions: [], lifted: [], remaining: before, passes: false };
    const exceptions = exceptionsFor({ package: label, sha512, findings }, words);
    const policy = { ...currently(this.#options.policy), today: this.today };
    const weighable = { format: identity.format, findings, omitted, archive: { sha512 } };
    const after = findingsUnder(weighable, { policy, exceptions, expected: named });
    const remaining = after.filter(rejects);
    const lifted = before.filter((_, index) => !rejects(after[findings.indexOf(before[index]!)]!));
    const passes = before.length > 0 && remaining.length === 0 && omitted === 0;
    return { exceptions, lifted, remaining, passes };
  }

  async ask(id: string, { by, reason }: Decided): Promise<ApprovalRequest> {
    const { ledger } = this.#options;
    if (by.role === 'reader') throw new ApprovalError(403, 'your role lets you read only');
    const refusal = await this.refusal(id);
    if (refusal === undefined || !this.maySee(by, refusal))
      throw new ApprovalError(404, 'there is no such refusal');
    const words = reasonIn(reason);
    const number = await ledger.append((requests) => {
      this.#checkAsked(requests, refusal, by);
      return { kind: 'requested', by: by.name, at: this.#moment(), reason: words, refusal };
    });
    return this.#recorded(String(number));
  }

  #checkAsked(requests: Requests, refusal: Refusal, by: Person): void {
    const all = requests.all(this.today);
    const same = all.find(
      ({ state, refusal: { id, sha512, label, registry } }) =>
        // Other rules may find something else in an approved archive: that is another refusal.
        (state === 'open' || (state === 'approved' && id === refusal.id)) &&
        sha512 === refusal.sha512 &&
        label === refusal.label &&
        registry === refusal.registry,
    );
    if (same !== undefined)
      throw new ApprovalError(409, `request ${same.id} is about this archive and is ${same.state}`);
    const open = all.filter(({ state }) => state === 'open');
    if (open.filter((request) => request.by === by.name).length >= OPEN_OF_ONE_MAX)
      throw new ApprovalError(409, `you have ${OPEN_OF_ONE_MAX} open requests: wait for decisions`);
    if (open.length >= OPEN_MAX)
      throw new ApprovalError(409, `there are ${OPEN_MAX} open requests: they have to be decided`);
  }

  async approve(
    id: string,
    { by, reason, until }: Decided & { readonly until: string },
  ): Promise<ApprovalRequest> {
    this.#checkUntil(until);
    const words = reasonIn(reason);
    return this.#decide(id, by, (request) => {
      const said = `${request.reason} (asked by ${request.by}; approved by ${by.name}: ${words})`;
      const { passes, exceptions } = this.#preview(request.refusal, {
        reason: said,
        expires: until,
      });
      if (!passes) throw new ApprovalError(409, whyNot(request.refusal));
      return { kind: 'approved', reason: words, until, exceptions };
    });
  }

  async decline(id: string, { by, reason }: Decided): Promise<ApprovalRequest> {
    const words = reasonIn(reason);
    return this.#decide(id, by, () => ({ kind: 'declined', reason: words }));
  }

  async revoke(id: string, { by, reason }: Decided): Promise<ApprovalRequest> {
    const words = reasonIn(reason);
    return this.#decide(id, by, () => ({ kind: 'revoked', reason: words }));
  }

  async #decide(
    id: string,
    by: Person,
    decide: (
      request: ApprovalRequest,
    ) => Omit<ApprovedEvent, Stamp> | { readonly kind: 'declined' | 'revoked'; reason: string },
  ): Promise<ApprovalRequest> {
    const { ledger, ownRequests } = this.#options;
    if (by.role !== 'approver') throw new ApprovalError(403, 'only an approver may decide');
    await ledger.append((requests) => {
      const request = requests.get(id, this.today);
      if (request === undefined || !this.maySee(by, request.refusal))
        throw new ApprovalError(404, 'there is no such request');
      const decision = decide(request);
      const isLoosening = decision.kind === 'approved';
      if (isLoosening && !ownRequests && personOf(request.by) === personOf(by.name))
        throw new ApprovalError(403, 'nobody may approve their own request');
      const needed = decision.kind === 'revoked' ? 'approved' : 'open';
      if (request.state !== needed)
        throw new ApprovalError(409, `request ${id} is ${request.state}, and not ${needed}`);
      const stamp = { request: id, by: by.name, at: this.#moment() };
      return { ...decision, ...stamp } as DecidedEvent;
    });
    return this.#recorded(id);
  }

  async #recorded(id: string): Promise<ApprovalRequest> {
    const request = this.#options.ledger.requests?.get(id, this.today);
    if (request === undefined) throw unusable(this.#options.ledger.problem);
    this.#options.onRecorded(request);
    return request;
  }

  history(): AsyncIterable<string> {
    return this.#options.ledger.lines();
  }

  /** Whether a person may see everything in the history. */
  async maySeeHistory(person: Person): Promise<boolean> {
    if (person.role !== 'approver') return false;
    return [...(await this.#fresh()).refusals()].every((refusal) => this.maySee(person, refusal));
  }

  maySee(person: Person, refusal: Refusal): boolean {
    if (!refusal.isPrivate) return true;
    return person.private.some((pattern) => isMatch(pattern, refusedPackage(refusal)));
  }

  /** The requests of this moment. @throws LedgerError if the ledger is not believed. */
  async #fresh(): Promise<Requests> {
    const { ledger } = this.#options;
    await ledger.refresh();
    const { requests } = ledger;
    if (requests === undefined) throw unusable(ledger.problem);
    return requests;
  }

  #checkUntil(until: string): void {
    const { longest } = this.#options;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || !isCalendarDay(until))
      throw new ApprovalError(400, 'until must be a day, YYYY-MM-DD');
    const last = dayOf(this.#now() + longest * DAY);
    if (until < this.today || until > last)
      throw new ApprovalError(400, `until must be between ${this.today} and ${last}`);
  }

  #moment(): string {
    return new Date(this.#now()).toISOString();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

/** The name that patterns of private packages are compared with: of a gem that does not say its name, the file name. */
export function refusedPackage({ identity, label, ecosystem }: Refusal): string {
  return identity.name ?? parseIdentity(label, ecosystem)?.name ?? identity.fileName ?? label;
}

type Stamp = 'request' | 'by' | 'at';

/** The reason why an archive cannot be approved. */
function whyNot({ label, omitted, ecosystem, findings }: Refusal): string {
  if (omitted > 0)
    return `no exception can let ${label} pass: it has ${omitted} more findings than are listed`;
  if (parseIdentity(label, ecosystem) === undefined)
    return `no exception can let ${label} pass: it does not say which package it is`;
  if (!findings.some(rejects)) return `nothing in ${label} needs an exception`;
  return `no exception can let ${label} pass: it could not be read to its end`;
}

function reasonIn(text: string): string {
  const reason = text.trim();
  if (reason === '' || reason.length > REASON_CHARS_MAX)
    throw new ApprovalError(400, `the reason must have 1 to ${REASON_CHARS_MAX} characters`);
  return reason;
}

/** Somebody could ask with the registry's credentials and approve with a token: the same name is taken for the same person. */
function personOf(name: string): string {
  const plain = name.startsWith(OF_REGISTRY) ? name.slice(OF_REGISTRY.length) : name;
  // A name of the registry may also have spaces around it, or characters that look the same in another form.
  return plain.normalize('NFKC').trim().toLowerCase();
}
