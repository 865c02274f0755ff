/* Signing in with a token, and signing out. */
import type { IncomingMessage } from 'node:http';
import { connectionClient } from '@tarwarden/host';
import { FailedAttempts } from '../browser/failed-attempts.ts';
import { setCookie } from '../people/cookies.ts';
import { readForm } from './forms.ts';
import { pagePath } from './layout.ts';
import type { AskedPage, PagesOptions } from './options.ts';
import { signInPage } from './plain-pages.ts';
import type { PageAnswer, Redirect } from './sending.ts';
import { pathAfterSignIn } from './targets.ts';

/** Seconds for which a browser keeps a token. */
const TOKEN_COOKIE_AGE = 12 * 60 * 60;
/** Characters that a cookie can contain. No token that `people add` prints has others. */
const COOKIE_VALUE = /^[\w.~+/=-]+$/;

export class SignIn {
  readonly #options: PagesOptions;
  readonly #attempts: FailedAttempts;

  constructor(options: PagesOptions) {
    this.#options = options;
    this.#attempts = new FailedAttempts((client) =>
      options.log.warn({ client }, 'too many wrong tokens; this client has to wait a minute'),
    );
  }

  /** Says why nobody can sign in: without https, other people on the network could read the token. */
  closedFor({ request, site: { hostname } }: AskedPage): string | undefined {
    const { people } = this.#options;
    if (people.isFromProxy(request))
      return 'A proxy has signed you in, but your user name and your groups have no role here. Ask an administrator of the gateway for one.';
    return people.isSecure || isLoopbackName(hostname)
      ? undefined
      : 'Nobody can sign in at an address without https, because others on the network could read the token. An administrator has to set an https address as the public address of the gateway.';
  }

  async answer(asked: AskedPage, isRead: boolean): Promise<PageAnswer | Redirect> {
    const { request, view, cookies } = asked;
    const closed = this.closedFor(asked);
    if (isRead || closed !== undefined) {
      const query = new URL(request.url ?? '/', 'http://page').searchParams;
      const next = pathAfterSignIn(query.get('next') ?? '');
      return { status: isRead ? 200 : 403, page: signInPage(view, { next, closed }), cookies };
    }
    const fields = await readForm(request, asked.check);
    const client = this.#client(request);
    if (this.#attempts.mustWait(client, performance.now()))
      return this.#refused(asked, {
        status: 429,
        next: '',
        message: 'Too many tokens were wrong. Wait a minute and try again.',
      });
    const token = (fields.get('token') ?? '').trim();
    const next = pathAfterSignIn(fields.get('next') ?? '');
    const person = COOKIE_VALUE.test(token) ? this.#options.people.personWith(token) : undefined;
    if (person === undefined) {
      if (token !== '') this.#attempts.add(client, performance.now());
      this.#options.log.info({ client }, 'a sign-in failed');
      const message = token === '' ? 'Enter your token.' : 'Nobody has this token.';
      return this.#refused(asked, { status: token === '' ? 400 : 403, next, message });
    }
    this.#attempts.forget(client);
    this.#options.log.info(
      { client, person: person.name, role: person.role },
      'a person signed in',
    );
    const { isSecure } = asked.check;
    const cookie = setCookie('token', token, { isSecure, maxAge: TOKEN_COOKIE_AGE });
    return { to: pagePath(view, next), cookies: [cookie] };
  }

  async signOut({ request, view, check }: AskedPage): Promise<Redirect> {
    await readForm(request, check);
    const gone = { isSecure: check.isSecure, maxAge: 0 };
    return {
      to: pagePath(view, 'sign-in'),
      cookies: [setCookie('token', '', gone), setCookie('form', '', gone)],
    };
  }

  #refused(
    { view, cookies }: AskedPage,
    {
      status,
      next,
      message,
    }: { readonly status: number; readonly next: string; readonly message: string },
  ): PageAnswer {
    const problems = [{ field: 'token', message }];
    const headers = status === 429 ? { 'retry-after': '60' } : {};
    return { status, page: signInPage(view, { next, problems }), headers, cookies };
  }

  #client(request: IncomingMessage): string {
    return this.#options.clientOf?.(request) ?? connectionClient(request.socket);
  }
}

function isLoopbackName(hostname: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])$/i.test(hostname);
}
