/* Requests for exceptions and decisions about them, as pages, the API and the gateway see them. */
import type { Ecosystem, Exception, Finding } from '@tarwarden/core';
import type { ArchiveIdentity } from '../gateway/wanted.ts';

/** The roles, the least first. */
export const ROLES = ['reader', 'requester', 'approver'] as const;
export type Role = (typeof ROLES)[number];

/** The most characters of the reason of a request or a decision. */
export const REASON_CHARS_MAX = 1_000;

/** The person who acts. */
export interface Person {
  readonly name: string;
  readonly role: Role;
  /** Patterns of private packages whose refusals this person may see, such as `@acme/*`. */
  readonly private: readonly string[];
}

/** An archive that the gateway refused. */
export interface Refusal {
  /** 26 characters of base32, random: nobody can guess it. */
  readonly id: string;
  /** The moment, in ISO format. */
  readonly at: string;
  readonly registry: string;
  readonly ecosystem: Ecosystem;
  readonly identity: ArchiveIdentity;
  /** `name@version` or the file name. */
  readonly label: string;
  readonly sha512: string;
  readonly bytes: number;
  /** Whether the registry shows the package only to those who sign in. Also true while this is unknown. */
  readonly isPrivate: boolean;
  readonly findings: readonly Finding[];
  readonly omitted: number;
  /** The text of `tarwarden explain`, for people. */
  readonly text: string;
}

export const REQUEST_STATES = ['open', 'approved', 'declined', 'revoked', 'expired'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/** A state, or undefined for a text that names none. */
export function asState(text: string): RequestState | undefined {
  return REQUEST_STATES.find((state) => state === text);
}

export interface ApprovalRequest {
  readonly id: string;
  readonly refusal: Refusal;
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  readonly state: RequestState;
  /** The newest decision: for a revoked request, the revocation. */
  readonly decision?: {
    readonly by: string;
    readonly at: string;
    readonly reason: string;
    /** The last day, YYYY-MM-DD, UTC. */
    readonly until?: string;
  };
  readonly exceptions: readonly Exception[];
}

/** A decision about a request, as the ledger has it. */
export interface RecordedDecision {
  readonly kind: 'approved' | 'declined' | 'revoked';
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  /** The last day of an approval. */
  readonly until?: string;
}

/** The change that an approval would make: findings that exceptions lift, findings that stay, and whether the archive would pass. */
export interface Preview {
  readonly exceptions: readonly Exception[];
  readonly lifted: readonly Finding[];
  readonly remaining: readonly Finding[];
  readonly passes: boolean;
}

export interface Decided {
  readonly by: Person;
  readonly reason: string;
}

/** Every method that reads or writes the ledger throws an error if the ledger cannot be believed or reached. */
export interface ApprovalsService {
  refusal(id: string): Promise<Refusal | undefined>;
  requests(filter?: {
    readonly state?: RequestState;
    readonly by?: string;
  }): Promise<readonly ApprovalRequest[]>;
  request(id: string): Promise<ApprovalRequest | undefined>;
  /** The decisions about a request, the first one first. */
  decisions(request: string): Promise<readonly RecordedDecision[]>;
  preview(refusal: Refusal, until: string): Preview;
  ask(refusal: string, asked: Decided): Promise<ApprovalRequest>;
  approve(request: string, decided: Decided & { readonly until: string }): Promise<ApprovalRequest>;
  decline(request: string, decided: Decided): Promise<ApprovalRequest>;
  revoke(request: string, decided: Decided): Promise<ApprovalRequest>;
  /** Every event since the beginning, a JSON line each. */
  history(): AsyncIterable<string>;
  /** Whether a person may see a refusal: everybody with a role for public packages, and for private ones the patterns. */
  maySee(person: Person, refusal: Refusal): boolean;
}

/** An error for the person who acts. */
export class ApprovalError extends Error {
  override readonly name = 'ApprovalError';
  readonly status: 400 | 403 | 404 | 409;

  constructor(status: ApprovalError['status'], message: string) {
    super(message);
    this.status = status;
  }
}
