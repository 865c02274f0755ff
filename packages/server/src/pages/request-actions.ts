/* The pages of single refusals and requests, and the forms on them. */
import { isCalendarDay } from '@tarwarden/core/policy';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import {
  ApprovalError,
  type ApprovalRequest,
  type ApprovalsService,
  type Person,
  type Refusal,
} from '../approvals/service.ts';
import { readForm, reasonIn, type FormCheck } from './forms.ts';
import { pagePath, type FormProblem, type PageView } from './layout.ts';
import { refusalPage } from './refusal-page.ts';
import {
  requestPage,
  type ApprovalDays,
  type DecisionKind,
  type SentDecision,
} from './request-page.ts';
import type { PageAnswer, Redirect } from './sending.ts';
import type { PageTarget } from './targets.ts';

export interface ActionRequest {
  readonly request: IncomingMessage;
  readonly view: PageView;
  readonly person: Person;
  readonly check: FormCheck;
}

export interface ActionOptions {
  readonly service: ApprovalsService;
  readonly log: Logger;
  readonly days: () => ApprovalDays;
}

/** The ids of the fields in which the form for a decision has its reason. */
const REASON_FIELD: Readonly<Record<DecisionKind, string>> = {
  approve: 'approve-reason',
  decline: 'decline-reason',
  revoke: 'revoke-reason',
};

export class RequestActions {
  readonly #options: ActionOptions;

  constructor(options: ActionOptions) {
    this.#options = options;
  }

  /** Undefined: there is no such refusal or request, or the person may not see it. */
  async answer(
    asked: ActionRequest,
    target: PageTarget,
  ): Promise<PageAnswer | Redirect | undefined> {
    const { service } = this.#options;
    const isForm = asked.request.method === 'POST';
    if (target.kind === 'refusal') {
      const refusal = this.#visible(asked.person, await service.refusal(target.id));
      if (refusal === undefined) return undefined;
      return isForm ? this.#ask(asked, refusal) : this.#refusal(asked, refusal);
    }
    if (target.kind !== 'request' && target.kind !== 'decision') return undefined;
    const request = await service.request(target.id);
    if (request === undefined || this.#visible(asked.person, request.refusal) === undefined)
      return undefined;
    return target.kind === 'request'
      ? this.#request(asked, request)
      : this.#decide(asked, request, target.decision);
  }

  #visible(person: Person, refusal: Refusal | undefined): Refusal | undefined {
    return refusal !== undefined && this.#options.service.maySee(person, refusal)
      ? refusal
      : undefined;
  }

  async #refusal(
    { view }: ActionRequest,
    refusal: Refusal,
    sent?: {
      readonly problems: readonly FormProblem[];
      readonly reason: string;
      readonly status: number;
    },
  ): Promise<PageAnswer> {
    const all = await this.#options.service.requests();
    const requests = all.filter((request) => request.refusal.id === refusal.id);
    const page = refusalPage(view, { refusal, requests, ...sent });
    return { status: sent?.status ?? 200, page };
  }

  async #ask(asked: ActionRequest, refusal: Refusal): Promise<PageAnswer | Redirect> {
    const { service, log } = this.#options;
    const { reason, problems } = reasonIn(await readForm(asked.request, asked.check), 'reason');
    if (problems.length > 0)
      return this.#refusal(asked, refusal, { problems, reason, status: 400 });
    try {
      const { id } = await service.ask(refusal.id, { by: asked.person, reason });
      log.info({ person: asked.person.name, request: id }, 'a person asked for an exception');
      return { to: pagePath(asked.view, `approvals/${id}`) };
    } catch (error) {
      const { status, message } = refusedBy(error);
      return this.#refusal(asked, refusal, { problems: [{ message }], reason, status });
    }
  }

  async #request(
    { view }: ActionRequest,
    request: ApprovalRequest,
    sent?: SentDecision & { readonly status: number },
  ): Promise<PageAnswer> {
    const { service, days } = this.#options;
    const allowed = days();
    const preview = service.preview(request.refusal, allowed.suggested);
    const history = await service.decisions(request.id);
    const page = requestPage(view, { request, preview, days: allowed, history, sent });
    return { status: sent?.status ?? 200, page };
  }

  async #decide(
    asked: ActionRequest,
    request: ApprovalRequest,
    kind: DecisionKind,
  ): Promise<PageAnswer | Redirect> {
    const fields = await readForm(asked.request, asked.check);
    const { reason, problems: reasonProblems } = reasonIn(fields, REASON_FIELD[kind]);
    const until = fields.get('until') ?? '';
    const dayProblems = kind === 'approve' ? untilProblems(until, this.#options.days()) : [];
    const problems = [...dayProblems, ...reasonProblems];
    if (problems.length > 0)
      return this.#request(asked, request, { kind, reason, until, problems, status: 400 });
    try {
      await this.#decision(kind, request.id, { by: asked.person, reason, until });
    } catch (error) {
      const { status, message } = refusedBy(error);
      // Somebody else may have decided meanwhile.
      const current = (await this.#options.service.request(request.id)) ?? request;
      return this.#request(asked, current, {
        kind,
        reason,
        until,
        problems: [{ message }],
        status,
      });
    }
    this.#options.log.info(
      { person: asked.person.name, request: request.id, decision: kind },
      'a person decided about a request',
    );
    return { to: pagePath(asked.view, `approvals/${request.id}`) };
  }

  async #decision(
    kind: DecisionKind,
    id: string,
    { until, ...decided }: { readonly by: Person; readonly reason: string; readonly until: string },
  ): Promise<ApprovalRequest> {
    const { service } = this.#options;
    switch (kind) {
      case 'approve':
        return service.approve(id, { ...decided, until });
      case 'decline':
        return service.decline(id, decided);
      case 'revoke':
        return service.revoke(id, decided);
    }
  }
}

/** The answer of the service to the person, as a sentence. @throws every other error. */
function refusedBy(error: unknown): { readonly status: number; readonly message: string } {
  if (!(error instanceof ApprovalError) || error.status === 404) throw error;
  const { status, message } = error;
  const end = message.endsWith('.') ? '' : '.';
  return { status, message: `${message.charAt(0).toUpperCase()}${message.slice(1)}${end}` };
}

function untilProblems(until: string, { today, longest }: ApprovalDays): readonly FormProblem[] {
  const field = 'until';
  if (!isCalendarDay(until)) return [{ field, message: 'Enter a day as year-month-day.' }];
  if (until < today) return [{ field, message: 'The last day is over. Choose today or later.' }];
  return until > longest ? [{ field, message: `Choose a day up to ${longest}.` }] : [];
}
