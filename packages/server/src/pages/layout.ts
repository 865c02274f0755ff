/* The frame of each page, and the parts that several pages have. */
import { markup, NOTHING, plainText, type Content, type Markup } from '../browser/markup.ts';
import { REASON_CHARS_MAX, type Person, type RequestState } from '../approvals/service.ts';
import { STYLE_VERSION } from './style.ts';

/** The facts about a request that the frame of a page shows. */
export interface PageView {
  /** The path of the public address, without a slash at its end. */
  readonly base: string;
  readonly person: Person | undefined;
  /** The value that each form has to send back. */
  readonly form: string;
  /** Whether the person has signed in with a token here, and can sign out. */
  readonly canSignOut: boolean;
  /** The path of the page, below `/-/tarwarden/`. */
  readonly path: string;
}

export interface PageContent {
  /** Names the page and its state, for the title. */
  readonly title: string;
  readonly body: Content;
  /** Whether the page says that something is wrong with a form. */
  readonly isError?: boolean;
  /** The address that the browser loads at once. */
  readonly continueAt?: string;
}

/** The most characters of a text that stand in a line. The whole text follows, folded. */
const LINE_CHARS_MAX = 160;
/** The most characters of a whole text. */
export const WHOLE_CHARS_MAX = 8_192;

export function wholePage(
  view: PageView,
  { title, body, isError, continueAt }: PageContent,
): Markup {
  const start = isError === true ? 'Error: ' : '';
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${continueAt === undefined ? NOTHING : markup`<meta http-equiv="refresh" content="0; url=${continueAt}">`}
<title>${start}${title} – tarwarden</title>
<link rel="stylesheet" href="${pagePath(view, 'style.css')}?v=${STYLE_VERSION}">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><div>
<span class="brand">tarwarden</span>
${view.person === undefined ? NOTHING : navigation(view, view.person)}
</div></header>
<main id="main">
${body}
</main>
<footer class="foot">The gateway refuses archives that are not safe to unpack.</footer>
</body>
</html>
`;
}

function navigation(view: PageView, person: Person): Markup {
  const links: readonly (readonly [string, string])[] = [
    ...(person.role === 'approver' ? [['approvals', 'All requests'] as const] : []),
    ['requests', 'My requests'],
  ];
  return markup`<nav aria-label="Pages"><ul>
${links.map(([path, label]) => markup`<li>${linkTo(view, path, label)}</li>`)}
</ul></nav>
<div class="who"><span><bdi>${person.name}</bdi> (${person.role})</span>${view.canSignOut ? signOut(view) : NOTHING}</div>`;
}

function linkTo(view: PageView, path: string, label: string): Markup {
  return view.path === path
    ? markup`<a href="${pagePath(view, path)}" aria-current="page">${label}</a>`
    : markup`<a href="${pagePath(view, path)}">${label}</a>`;
}

function signOut(view: PageView): Markup {
  return markup`<form method="post" action="${pagePath(view, 'sign-out')}">${formField(view)}<button>Sign out</button></form>`;
}

/** @param path Below `/-/tarwarden/`. Each segment has to be a word of ours or an id that was checked. */
export function pagePath({ base }: Pick<PageView, 'base'>, path: string): string {
  return `${base}/-/tarwarden/${path}`;
}

/** Proves with its cookie that the form comes from a page of this server. */
export function formField({ form }: PageView): Markup {
  return markup`<input type="hidden" name="form" value="${form}">`;
}

/** A text from outside. A long one is cut, and its whole text follows, folded. */
export function longText(text: string): Markup {
  if (text.length <= LINE_CHARS_MAX) return markup`<code>${text}</code>`;
  return markup`<code>${shortText(text)}</code>
<details><summary>The whole text, ${text.length} characters</summary><code>${plainText(text, WHOLE_CHARS_MAX)}</code></details>`;
}

/** A text from outside in one line, without its end if it is long. */
export function shortText(text: string): string {
  return text.length <= LINE_CHARS_MAX ? text : `${text.slice(0, LINE_CHARS_MAX)}…`;
}

/** A reason that a person wrote, whole. */
export function plainReason(reason: string): Markup {
  return markup`<span class="reason">${reason.split('\n').map((line) => plainText(line, WHOLE_CHARS_MAX))}</span>`;
}

/** Lines of prose, each in a line of its own. */
export function linesOf(text: string): Markup {
  const lines = text.trimEnd().split(/\r?\n/);
  return markup`<pre tabindex="0">${lines.map((line) => plainText(line, WHOLE_CHARS_MAX))}</pre>`;
}

const BADGES: Readonly<Record<RequestState, string>> = {
  open: 'is-warn',
  approved: 'is-good',
  declined: 'is-bad',
  revoked: 'is-bad',
  expired: '',
};

export function stateBadge(state: RequestState): Markup {
  return markup`<span class="badge ${BADGES[state]}">${state}</span>`;
}

/** A time of a record, to the minute. */
export function timeText(time: string): Markup {
  const [, day, minute] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(time) ?? [];
  return day === undefined
    ? markup`${time}`
    : markup`<time datetime="${time}">${day} ${minute!} UTC</time>`;
}

/** Something wrong with a form: a sentence, and the field that it is about. */
export interface FormProblem {
  readonly field?: string;
  readonly message: string;
}

/** Lists the problems of a form before the content. Browsers and screen readers go to it first. */
export function problemSummary(problems: readonly FormProblem[]): Markup {
  if (problems.length === 0) return NOTHING;
  return markup`<section class="summary" role="alert" aria-labelledby="summary-title">
<h2 id="summary-title">There is a problem</h2>
<ul>${problems.map(({ field, message }) =>
    field === undefined
      ? markup`<li>${message}</li>`
      : markup`<li><a href="#${field}">${message}</a></li>`,
  )}</ul>
</section>`;
}

export interface FormField {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly problems: readonly FormProblem[];
}

/** A label, a hint, the problem of this field if there is one, and the control. */
export function fieldOf(
  { id, label, hint, problems }: FormField,
  control: (attributes: Markup) => Markup,
): Markup {
  const problem = problems.find(({ field }) => field === id);
  const attributes =
    problem === undefined
      ? markup`id="${id}" aria-describedby="${id}-hint"`
      : markup`id="${id}" aria-describedby="${id}-hint ${id}-error" aria-invalid="true"`;
  return markup`<label for="${id}">${label}</label>
<p class="hint" id="${id}-hint">${hint}</p>
${problem === undefined ? NOTHING : markup`<p class="error" id="${id}-error">${problem.message}</p>`}
${control(attributes)}`;
}

export function reasonField(field: Omit<FormField, 'name'>, value: string): Markup {
  return fieldOf(
    { ...field, name: 'reason' },
    (attributes) =>
      // A browser leaves out the first line feed.
      markup`<textarea ${attributes} name="reason" rows="3" maxlength="${REASON_CHARS_MAX}" required>
${value.split('\n').map((line) => plainText(line, WHOLE_CHARS_MAX))}</textarea>`,
  );
}
