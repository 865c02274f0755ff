/*
 * The pages about refusals and requests. The service decides who may see and do something. The pages show it, and send forms to it. They
 * keep no state, so that each instance can answer each request.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { rules } from '@tarwarden/core';
import { dayOf } from '@tarwarden/core/policy';
import { withoutTrailing } from '@tarwarden/core/text';
import { ApprovalError, asState, type Person } from '../approvals/service.ts';
import { cookieIn } from '../people/cookies.ts';
import { isRule } from './archive-parts.ts';
import { FormError, formValueFor } from './forms.ts';
import { pagePath, type PageView } from './layout.ts';
import { ownRequestsPage, queuePage } from './list-pages.ts';
import type { AskedPage, PagesOptions } from './options.ts';
import { aboutRulePage, AGAIN, continuePage, messagePage, signInPage } from './plain-pages.ts';
import { RequestActions } from './request-actions.ts';
import { sendPageAnswer, sendStyle, type PageAnswer, type Redirect } from './sending.ts';
import { SignIn } from './sign-in.ts';
import { pageTarget, type PageTarget } from './targets.ts';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** Days of an approval, unless the approver chooses another day. */
const SUGGESTED_DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

export class ApprovalPages {
  readonly #options: PagesOptions;
  readonly #signIn: SignIn;
  readonly #actions: RequestActions;

  constructor(options: PagesOptions) {
    this.#options = options;
    const { service, log } = options;
    this.#signIn = new SignIn(options);
    this.#actions = new RequestActions({ service, log, days: () => this.#days() });
  }

  /** Answers a request for one of these pages. False: it is for something else, and nothing was sent. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const target = pageTarget(request.url ?? '/');
    if (target === undefined) return false;
    if (target.kind === 'style') {
      sendStyle(response);
      return true;
    }
    const asked = this.#asked(request, target);
    try {
      sendPageAnswer(response, await this.#answerFor(asked, target));
    } catch (error) {
      const isAnswer = error instanceof FormError || error instanceof ApprovalError;
      // The client has gone away in the middle of its form, which is not an error.
      if (!isAnswer && request.destroyed && !request.complete) return true;
      sendPageAnswer(response, this.#failure(asked, error));
    }
    return true;
  }

  #asked(request: IncomingMessage, target: PageTarget): AskedPage {
    const address = this.#options.publicUrlFor(request);
    // The host of a request may have a port that does not exist.
    const site = new URL(URL.canParse(address) ? address : 'http://localhost');
    const { isSecure } = this.#options.people;
    const { value, cookie } = formValueFor(request, isSecure);
    const base = withoutTrailing(site.pathname, '/');
    return {
      request,
      site,
      check: { isSecure, origin: site.origin },
      cookies: cookie === undefined ? [] : [cookie],
      view: { base, person: undefined, form: value, canSignOut: false, path: target.path },
    };
  }

  async #answerFor(asked: AskedPage, target: PageTarget): Promise<PageAnswer | Redirect> {
    const { request } = asked;
    const { method = 'GET' } = request;
    const isRead = READS.has(method);
    if (!isRead && method !== 'POST') return this.#notAllowed(asked);
    if (isRead ? !target.isPage : !target.isForm) return this.#notAllowed(asked);
    if (target.kind === 'sign-in') return this.#signIn.answer(asked, isRead);
    if (target.kind === 'sign-out') return this.#signIn.signOut(asked);
    const { people } = this.#options;
    const person = await people.identify(request);
    if (person === undefined) return this.#signInFirst(asked, isRead);
    const canSignOut =
      !people.isFromProxy(request) && cookieIn(request, 'token', people.isSecure) !== undefined;
    const view: PageView = { ...asked.view, person, canSignOut };
    return this.#page({ ...asked, view }, target, person);
  }

  async #page(
    asked: AskedPage,
    target: PageTarget,
    person: Person,
  ): Promise<PageAnswer | Redirect> {
    const { view } = asked;
    switch (target.kind) {
      case 'start':
        return { to: pagePath(view, person.role === 'approver' ? 'approvals' : 'requests') };
      case 'rule':
        return isRule(target.id)
          ? this.#shown(asked, aboutRulePage(view, rules[target.id]))
          : this.#missing(asked);
      case 'requests':
        return this.#list(asked, { by: person });
      case 'approvals':
        // Only approvers have a list of everybody's requests.
        return person.role === 'approver'
          ? this.#list(asked, { by: undefined })
          : { to: pagePath(view, 'requests') };
      case 'refusal':
      case 'request':
      case 'decision': {
        const answer = await this.#actions.answer({ ...asked, person }, target);
        if (answer === undefined) return this.#missing(asked);
        return 'page' in answer ? { ...answer, cookies: asked.cookies } : answer;
      }
      default:
        return this.#missing(asked);
    }
  }

  async #list(asked: AskedPage, { by }: { readonly by: Person | undefined }): Promise<PageAnswer> {
    const { service } = this.#options;
    const { view, request } = asked;
    const person = view.person!;
    const filter = by === undefined ? {} : { by: by.name };
    const requests = (await service.requests(filter)).filter(({ refusal }) =>
      service.maySee(person, refusal),
    );
    const query = new URL(request.url ?? '/', 'http://page').searchParams;
    const number = Number(/^[1-9]\d{0,5}$/.exec(query.get('page') ?? '')?.[0] ?? 1);
    const chosen = query.get('state') ?? (by === undefined ? 'open' : 'all');
    const state = asState(chosen);
    if (chosen !== 'all' && state === undefined) return this.#missing(asked);
    const listing = { requests, state, page: number };
    return this.#shown(
      asked,
      by === undefined ? queuePage(view, listing) : ownRequestsPage(view, listing),
    );
  }

  #signInFirst(asked: AskedPage, isRead: boolean): PageAnswer {
    const { view, request } = asked;
    // A link of another site: the browser sends no cookie with the first request.
    const site = request.headers['sec-fetch-site'];
    const isSecond = request.url?.endsWith(`?${AGAIN}`) === true;
    if (isRead && site === 'cross-site' && !isSecond) return this.#shown(asked, continuePage(view));
    const closed = this.#signIn.closedFor(asked);
    return {
      status: 401,
      page: signInPage(view, { next: isRead ? view.path : '', closed }),
      // Browsers do not know this scheme, so they show the page and ask for no password.
      headers: { 'www-authenticate': 'Bearer realm="tarwarden"' },
      cookies: asked.cookies,
    };
  }

  #days(): { readonly today: string; readonly suggested: string; readonly longest: string } {
    const { now = Date.now, longestDays } = this.#options;
    const time = now();
    return {
      today: dayOf(time),
      suggested: dayOf(time + Math.min(SUGGESTED_DAYS, longestDays) * DAY),
      longest: dayOf(time + longestDays * DAY),
    };
  }

  #shown({ cookies }: AskedPage, page: PageAnswer['page']): PageAnswer {
    return { status: 200, page, cookies };
  }

  /** The same for an unknown id, and for one that the person may not see. */
  #missing({ view }: AskedPage): PageAnswer {
    const message = 'There is no such page, or you may not see it.';
    return { status: 404, page: messagePage(view, { title: 'Page not found', message }) };
  }

  #notAllowed({ view }: AskedPage): PageAnswer {
    const message = 'This address does not take such a request.';
    return { status: 405, page: messagePage(view, { title: 'Not possible', message }) };
  }

  #failure(asked: AskedPage, error: unknown): PageAnswer {
    const { view } = asked;
    if (error instanceof FormError || error instanceof ApprovalError) {
      if (error.status === 404) return this.#missing(asked);
      const { status, message } = error;
      return { status, page: messagePage(view, { title: 'Nothing was changed', message }) };
    }
    this.#options.log.error({ err: error }, 'a page about refusals failed');
    const message = 'The gateway could not read or change the approvals. Try again later.';
    return { status: 503, page: messagePage(view, { title: 'Not available', message }) };
  }
}
