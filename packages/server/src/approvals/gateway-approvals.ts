/* Approvals as a gateway uses them: exceptions for its policy, addresses for its refusals, and the answers of the API. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Policy } from '@tarwarden/core';
import { APPROVALS_VALID_FOR, sealApprovalList } from '@tarwarden/host/signed-approvals';
import type { SigningKey } from '@tarwarden/host/signed-verdicts';
import { GatewayAnswer, sendAnswer } from '../gateway/answers.ts';
import { ApprovalsApi, type UpstreamAt, type Identifies } from './api.ts';
import { Approvals, type ApprovalsOptions } from './approvals.ts';
import type { ApprovalLedger } from './ledger.ts';
import { PolicyWithApprovals } from './policy-with-approvals.ts';
import type { RefusedArchive, Refusals } from './refusals.ts';
import type { ExceptionInForce } from './requests.ts';
import type { ApprovalsService } from './service.ts';

/** The path of the signed list, below a gateway's address. */
const LIST_PATH = '/-/tarwarden/approvals.signed';
/** Milliseconds for which a list is sent again. It counts for a day. */
const SEALED_FOR = 60_000;

export interface ApprovalsOfGateway {
  readonly service: ApprovalsService;
  /** A policy with the exceptions of the approvals in force. The same object until something changes. */
  policy(base: Policy): Policy;
  /** What is wrong with the ledger, in a sentence. Then no approval counts. */
  readonly problem: string | undefined;
  /** Keeps a refusal, and returns its id. */
  note(refused: RefusedArchive): string;
  /** Whether {@link answer} answers a request for this target. */
  has(target: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse, upstreamAt: UpstreamAt): Promise<void>;
  close(): Promise<void>;
}

export interface GatewayApprovalsOptions extends ApprovalsOptions {
  readonly ledger: ApprovalLedger;
  readonly refusals: Refusals;
  /** The key that signs the list. If absent, there is none. */
  readonly key?: SigningKey | undefined;
  /** Who sends a request to the API. If absent, only the registry's own users can ask. */
  readonly people?: Identifies | undefined;
  readonly onClose?: () => void;
}

export class GatewayApprovals implements ApprovalsOfGateway {
  readonly service: Approvals;
  readonly #options: GatewayApprovalsOptions;
  readonly #api: ApprovalsApi;
  readonly #policy: PolicyWithApprovals;
  /** The signed list of all public exceptions. Everybody can ask for it, and it can be long. */
  #sealed:
    | {
        readonly of: readonly ExceptionInForce[];
        readonly number: number;
        readonly until: number;
        readonly list: Buffer;
      }
    | undefined;

  constructor(options: GatewayApprovalsOptions) {
    this.#options = options;
    this.service = new Approvals(options);
    this.#api = new ApprovalsApi(this.service, options.people);
    this.#policy = new PolicyWithApprovals(options.ledger);
  }

  policy(base: Policy): Policy {
    return this.#policy.under(base);
  }

  get problem(): string | undefined {
    return this.#options.ledger.problem;
  }

  note(refused: RefusedArchive): string {
    return this.#options.refusals.note(refused);
  }

  has(target: string): boolean {
    return ApprovalsApi.has(target) || target.split('?', 1)[0] === LIST_PATH;
  }

  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    upstreamAt: UpstreamAt,
  ): Promise<void> {
    const { url = '/' } = request;
    if (ApprovalsApi.has(url)) return this.#api.answer(request, response, upstreamAt);
    try {
      this.#sendList(new URL(url, 'http://gateway').searchParams.get('sha512'), response);
    } catch (error) {
      if (!(error instanceof GatewayAnswer)) throw error;
      sendAnswer(response, error);
    }
  }

  /**
   * The signed list of all exceptions for public packages, or of those for one archive. Only somebody who has an archive of a private
   * package, or may read its document, knows its SHA-512.
   */
  #sendList(sha512: string | null, response: ServerResponse): void {
    const { key, ledger } = this.#options;
    const { method } = response.req;
    if (key === undefined || (method !== 'GET' && method !== 'HEAD'))
      throw new GatewayAnswer(404, 'this gateway signs no list of approvals');
    if (sha512 !== null && !/^[0-9a-f]{128}$/.test(sha512))
      throw new GatewayAnswer(400, 'sha512 must be 128 lower-case hex digits');
    if (ledger.problem !== undefined)
      throw new GatewayAnswer(503, 'the approvals do not count now');
    const list =
      sha512 === null
        ? this.#publicList(key)
        : this.#sealedList(key, ({ exception }) => exception.sha512 === sha512);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': list.length,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    response.end(method === 'HEAD' ? undefined : list);
  }

  #publicList(key: SigningKey): Buffer {
    const { ledger, now = Date.now } = this.#options;
    const { number } = ledger.position;
    const of = this.service.inForce();
    const known = this.#sealed;
    if (known?.of === of && known.number === number && now() < known.until) return known.list;
    const list = this.#sealedList(key, ({ isPrivate }) => !isPrivate);
    this.#sealed = { of, number, until: now() + SEALED_FOR, list };
    return list;
  }

  #sealedList(key: SigningKey, isIn: (held: ExceptionInForce) => boolean): Buffer {
    const { ledger, now = Date.now } = this.#options;
    const exceptions = this.service
      .inForce()
      .filter(isIn)
      .map(({ exception: { approvedBy, ...exception } }) => {
        void approvedBy;
        return exception;
      });
    const issued = now();
    const notAfter = issued + APPROVALS_VALID_FOR;
    return Buffer.from(sealApprovalList({ ...ledger.position, issued, notAfter, exceptions }, key));
  }

  async close(): Promise<void> {
    this.#options.onClose?.();
    await this.#options.ledger.close();
  }
}
