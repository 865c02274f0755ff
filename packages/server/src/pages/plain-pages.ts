/* Pages without data of a request: to sign in, about a rule, and messages. */
import type { CataloguedRule } from '@tarwarden/core';
import { adviceText, rulePage as ruleDocument } from '@tarwarden/core/report';
import { markup, NOTHING, type Markup } from '../browser/markup.ts';
import { adviceMarkup } from './archive-parts.ts';
import {
  fieldOf,
  formField,
  wholePage,
  pagePath,
  problemSummary,
  type FormProblem,
  type PageView,
} from './layout.ts';

export interface SignInContent {
  /** The page to show then, below `/-/tarwarden/`. */
  readonly next: string;
  readonly problems?: readonly FormProblem[];
  /** Why nobody can sign in here. */
  readonly closed?: string | undefined;
}

export function signInPage(view: PageView, { next, problems = [], closed }: SignInContent): Markup {
  const token = {
    id: 'token',
    name: 'token',
    label: 'Token',
    hint: 'An administrator of the gateway gives you one. The browser forgets it after twelve hours.',
    problems,
  };
  return wholePage(view, {
    title: 'Sign in',
    isError: problems.length > 0,
    body: [
      problemSummary(problems),
      markup`<h1>Sign in</h1>
<p>The pages about refused packages are for people with a role.</p>`,
      closed === undefined
        ? markup`<section><form method="post" action="${pagePath(view, 'sign-in')}" novalidate>
${formField(view)}
<input type="hidden" name="next" value="${next}">
${fieldOf(token, (attributes) => markup`<input type="password" ${attributes} name="token" autocomplete="current-password" required>`)}
<button>Sign in</button>
</form></section>`
        : markup`<section class="notice is-warn"><p>${closed}</p></section>`,
    ],
  });
}

export function messagePage(
  view: PageView,
  { title, message }: { readonly title: string; readonly message: string },
): Markup {
  return wholePage(view, {
    title,
    body: markup`<h1>${title}</h1><p>${message}</p>
${view.person === undefined ? NOTHING : markup`<p><a href="${pagePath(view, 'requests')}">Go to your requests</a></p>`}`,
  });
}

/** The query of an address that a browser loads for the second time. */
export const AGAIN = 'again';

/**
 * Another site has a link to the page, so the browser has not sent the cookie. The page loads the same address again, and the browser then
 * sends it.
 */
export function continuePage(view: PageView): Markup {
  const address = `${pagePath(view, view.path)}?${AGAIN}`;
  return wholePage(view, {
    title: 'One moment',
    continueAt: address,
    body: markup`<h1>One moment</h1>
<p>If the page does not appear, <a href="${address}">go to it</a>.</p>`,
  });
}

export function aboutRulePage(
  view: PageView,
  { id, level, summary, advice }: CataloguedRule,
): Markup {
  return wholePage(view, {
    title: `Rule ${id}`,
    body: markup`<h1>Rule ${id}</h1>
<section><p>${summary}</p>
<dl><dt>Level</dt><dd>${level}</dd><dt>To do</dt><dd>${adviceMarkup(adviceText(advice))}</dd>
<dt>More</dt><dd><code>tarwarden rules ${id}</code> prints the whole page of the rule, ${ruleDocument(id)}.</dd></dl></section>`,
  });
}
